import { createHash } from 'node:crypto';
import type { CollectionInfo, PutAnswer, PutRequest } from '../../engine/collection/collection.js';
import type { FeedbackRequest } from '../../engine/collection/logged-search.js';
import type { TuneRequest } from '../../engine/collection/tune-request.js';
import type { SearchAnswer, SearchRequest } from '../../engine/collection/run-search.js';
import type { CompareRequest, Comparison } from '../../engine/collection/compare/compare.js';
import type { DuplicatesPage, DuplicatesRequest } from '../../engine/collection/duplicates/duplicate-finder.js';
import { Jobs, type Job } from '../../engine/collection/jobs.js';
import { fieldFacts } from '../../engine/store/field-facts.js';
import type { ImageWrite } from '../../engine/store/store.js';
import { LikenessError } from '../../engine/errors.js';
import { indexConfigSchema, type CollectionConfig, type ImageRecord, type Metadata } from '../../engine/types.js';
import type { ServedCollection, ServedEngine } from '../../server/served.js';

/** The id of every query of a fake collection. */
export const QUERY_ID = '00000000-0000-4000-8000-000000000000';

/** Bytes that the fake takes for a damaged picture. */
export const DAMAGED = Buffer.from('damaged');

/** A collection in memory: a picture is any bytes, found again by its first byte. `hold` lets a test keep work waiting. */
export class FakeCollection implements ServedCollection {
  readonly name: string;
  readonly images = new Map<string, { record: ImageRecord; bytes: Uint8Array }>();
  sequence = 0;
  /** Awaited by put, describe and search. */
  hold: Promise<void> = Promise.resolve();
  running = 0;
  mostRunning = 0;
  lastSearch: SearchRequest | undefined;
  readonly feedback: FeedbackRequest[] = [];
  lastSignal: AbortSignal | undefined;

  constructor(name: string) {
    this.name = name;
  }

  info(): Promise<CollectionInfo> {
    const { name, sequence } = this;
    const images = this.images.size;
    const counts = { live: images, tombstones: 0, pending: 0, generationSequence: 0, memoryBytes: 0 };
    const index = { kind: 'exact' as const, dimension: 2, sequence, ...counts };
    const facts = { model: 'fake', fingerprint: 'f'.repeat(32), dimension: 2, createdAt: '2026-01-01T00:00:00.000Z' };
    const config = { keepOriginals: true, indexConfig: indexConfigSchema.parse({}) };
    return Promise.resolve({ name, images, nodes: images, sequence, ...facts, ...config, index } as CollectionInfo);
  }

  put(request: PutRequest): Promise<PutAnswer> {
    return this.#work(request.signal, () => {
      checkPicture(request.bytes);
      const id = request.id ?? `made-${this.sequence + 1}`;
      const outcome = this.images.has(id) ? 'replaced' : 'added';
      const record = this.#record(id, request);
      this.images.set(id, { record, bytes: request.bytes });
      return { record, outcome, sequence: this.sequence, reused: false };
    });
  }

  patchMetadata(id: string, patch: Metadata): ReturnType<ServedCollection['patchMetadata']> {
    return this.#try(() => {
      const { record, bytes } = this.#find(id);
      const changed = { ...record, metadata: { ...record.metadata, ...patch }, sequence: ++this.sequence };
      this.images.set(id, { record: changed, bytes });
      return { record: changed, sequence: this.sequence };
    });
  }

  delete(id: string): Promise<{ sequence: number }> {
    return this.#try(() => {
      this.#find(id);
      this.images.delete(id);
      return { sequence: ++this.sequence };
    });
  }

  get(id: string): Promise<ImageRecord> {
    return this.#try(() => this.#find(id).record);
  }

  list({ after = '', limit }: { after?: string; limit: number }): Promise<ImageRecord[]> {
    const records = [...this.images.values()].map(({ record }) => record).sort((a, b) => (a.id < b.id ? -1 : 1));
    return Promise.resolve(records.filter(({ id }) => id > after).slice(0, limit));
  }

  idsByContent(hashes: string[]): Promise<Record<string, string[]>> {
    const found = [...this.images.values()].filter(({ record }) => hashes.includes(record.contentHash));
    return Promise.resolve(Object.fromEntries(found.map(({ record }) => [record.contentHash, [record.id]])));
  }

  original(id: string): ReturnType<ServedCollection['original']> {
    return this.#try(() => ({ ...this.#find(id), mediaType: 'image/png' }));
  }

  thumbnail(id: string): ReturnType<ServedCollection['thumbnail']> {
    return this.#try(() => this.#find(id));
  }

  describe(bytes: Uint8Array, options: { signal?: AbortSignal } = {}): ReturnType<ServedCollection['describe']> {
    return this.#work(options.signal, () => {
      checkPicture(bytes);
      const size = { format: 'png' as const, width: 4, height: 3, orientation: 1 };
      const facts = { ...size, hasAlpha: false, pages: 1, isDeep: false, hasProfile: false };
      return {
        vector: Float32Array.of(0.6, 0.8),
        perceptualHash: '00000000ffffffff',
        facts,
        timings: { decode: 1.23456, inference: 2 },
      };
    });
  }

  findSubjects(bytes: Uint8Array, signal?: AbortSignal): ReturnType<ServedCollection['findSubjects']> {
    return this.#work(signal, () => {
      checkPicture(bytes);
      const size = { format: 'png' as const, width: 4, height: 3, orientation: 1 };
      const facts = { ...size, hasAlpha: false, pages: 1, isDeep: false, hasProfile: false };
      const subjects = [{ box: { x: 1, y: 1, width: 2, height: 1 }, score: 0.5 }];
      return { subjects, facts, timings: { decode: 1.23456, inference: 2 } };
    });
  }

  readonly jobs = new Jobs();

  startReembed(options: { model: string }): Job {
    return this.jobs.start('reembed', () => this.hold.then(() => ({ to: options.model })));
  }

  startTune(options: TuneRequest): Job {
    return this.jobs.start('tune', () => this.hold.then(() => options));
  }

  startVerify(options: { repair: boolean }): Job {
    return this.jobs.start('verify', () => this.hold.then(() => [options]));
  }

  lastTraining: object | undefined;

  startTrainHead(options: object): Job {
    this.lastTraining = options;
    return this.jobs.start('train-head', () => this.hold.then(() => ({ field: 'kind' })));
  }

  startLearnDomains(options: { field?: string | undefined }): Job {
    return this.jobs.start('learn-domains', () => this.hold.then(() => options));
  }

  categories(): ReturnType<ServedCollection['categories']> {
    return Promise.resolve({ field: 'kind', sequence: this.sequence });
  }

  startCalibrate(options: { images?: number }): Job {
    return this.jobs.start('calibrate', () => this.hold.then(() => options));
  }

  lastDuplicates: DuplicatesRequest | undefined;

  /** Every two images whose first byte is the same. */
  duplicates(request: DuplicatesRequest): Promise<DuplicatesPage> {
    this.lastDuplicates = request;
    const { after = '', limit } = request;
    const all = [...this.images.values()];
    const firsts = new Set(all.map(({ bytes }) => bytes[0]));
    const groups = [...firsts].map((first) =>
      all.filter(({ bytes }) => bytes[0] === first).map(({ record }) => record),
    );
    const found = groups.filter((images) => images.length > 1 && images[0]!.id > after);
    const page = found.slice(0, limit).map((images) => ({ verdict: 'identical' as const, images, pairs: [] }));
    const last = page.at(-1)?.images[0]?.id;
    return Promise.resolve({
      groups: page,
      sequence: this.sequence,
      ...(found.length > limit && last !== undefined ? { next: last } : {}),
    });
  }

  lastComparison: CompareRequest | undefined;

  compare(request: CompareRequest): Promise<Comparison> {
    this.lastComparison = request;
    return this.#work(request.signal, () => ({
      fingerprint: 'f'.repeat(32),
      score: 0.75,
      verdict: 'similar',
      probability: 0.25,
      geometry: { inliers: 0, matches: 2, points: [] },
      ...(request.picture === true ? { picture: Uint8Array.of(1, 2, 3) } : {}),
    }));
  }

  putDescribed(write: ImageWrite): Promise<PutAnswer> {
    return this.put({ id: write.id, bytes: Buffer.from(write.descriptor.buffer), metadata: write.metadata });
  }

  fields(): ReturnType<ServedCollection['fields']> {
    const metadata = [...this.images.values()].map(({ record }) => record.metadata);
    const images = metadata.length;
    return Promise.resolve({ images, sampled: images, fields: fieldFacts(metadata) });
  }

  async *exportImages(sample = Infinity): AsyncGenerator<ImageWrite> {
    await this.hold;
    for (const { record } of [...this.images.values()].slice(0, sample)) {
      const { sequence, ...facts } = record;
      yield { ...facts, descriptor: Float32Array.of(0.6, 0.8) };
    }
  }

  search(request: SearchRequest): Promise<SearchAnswer> {
    this.lastSearch = request;
    return this.#work(request.signal, () => {
      for (const query of request.queries) if (query.kind === 'image') checkPicture(query.bytes);
      const [query] = request.queries;
      const first = query?.kind === 'image' ? query.bytes[0] : undefined;
      const score = (bytes: Uint8Array) => (bytes[0] === first ? 1 : 0.25);
      const hits = [...this.images.values()].map(({ record, bytes }) => ({ record, score: score(bytes) }));
      hits.sort((a, b) => b.score - a.score);
      const queries = request.queries.map(({ kind }) => ({ kind: kind === 'resolved' ? 'image' : kind }));
      const facts = { queryId: QUERY_ID, queries, fingerprint: 'f'.repeat(32) };
      const found = { plan: 'exact' as const, sequence: this.sequence, timings: { decode: 1, search: 2 } };
      const offset = request.offset ?? 0;
      return { ...facts, ...found, belowThreshold: 0, hits: hits.slice(offset, offset + request.k) };
    });
  }

  searchAgain(queryId: string, page: { k?: number; offset?: number }): Promise<SearchAnswer> {
    if (queryId !== QUERY_ID) return Promise.reject(new LikenessError('query_not_found', 'no such query'));
    return this.search({ ...this.lastSearch!, ...page });
  }

  addFeedback(feedback: FeedbackRequest): Promise<{ id: string; createdAt: string }> {
    this.feedback.push(feedback);
    return Promise.resolve({ id: 'stored', createdAt: '2026-01-01T00:00:00.000Z' });
  }

  #record(id: string, { bytes, metadata = {}, source = { kind: 'upload' } }: PutRequest): ImageRecord {
    const contentHash = createHash('sha256').update(bytes).digest('hex');
    const size = { width: 4, height: 3, format: 'png', bytes: bytes.length };
    const at = '2026-01-01T00:00:00.000Z';
    return { id, contentHash, ...size, metadata, source, createdAt: at, updatedAt: at, sequence: ++this.sequence };
  }

  #find(id: string): { record: ImageRecord; bytes: Uint8Array } {
    const found = this.images.get(id);
    if (found !== undefined) return found;
    throw new LikenessError('image_not_found', `expected the id of a stored image, got ${id}`);
  }

  #try<T>(task: () => T): Promise<T> {
    return new Promise((resolve) => resolve(task()));
  }

  async #work<T>(signal: AbortSignal | undefined, task: () => T): Promise<T> {
    this.lastSignal = signal;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await this.hold;
      signal?.throwIfAborted();
      return task();
    } finally {
      this.running -= 1;
    }
  }
}

/** An engine with collections in memory. */
export class FakeEngine implements ServedEngine {
  ready = true;
  readonly collections = new Map([['default', new FakeCollection('default')]]);
  readonly damaged: { name: string; error: LikenessError }[] = [];
  readonly services = {
    extractor: { stats: { queued: 0, running: 0, threads: 2 } },
    models: {
      list: () =>
        Promise.resolve([
          { name: 'mine', directory: '/data/models/mine', bundled: false, problem: 'no network' },
          { name: 'small-bn-2', directory: '/models/small-bn-2', bundled: true },
        ]),
    },
  };
  lastConfig: Partial<CollectionConfig> | undefined;

  get default(): FakeCollection {
    return this.get('default');
  }

  quarantined(): { name: string; error: LikenessError }[] {
    return this.damaged;
  }

  list(): FakeCollection[] {
    return [...this.collections.values()];
  }

  get(name: string): FakeCollection {
    const collection = this.collections.get(name);
    if (collection !== undefined) return collection;
    throw new LikenessError('collection_not_found', `expected the name of a collection, got ${name}`);
  }

  create(name: string, config: Partial<CollectionConfig> = {}): Promise<FakeCollection> {
    if (this.collections.has(name))
      return Promise.reject(new LikenessError('collection_exists', `collection ${name} exists`));
    this.lastConfig = config;
    const collection = new FakeCollection(name);
    this.collections.set(name, collection);
    return Promise.resolve(collection);
  }

  delete(name: string): Promise<void> {
    if (!this.collections.delete(name))
      return Promise.reject(new LikenessError('collection_not_found', `expected a collection, got ${name}`));
    return Promise.resolve();
  }
}

function checkPicture(bytes: Uint8Array): void {
  if (Buffer.compare(bytes, DAMAGED) === 0) throw new LikenessError('truncated_image', 'the picture ends early');
  if (bytes[0] === 0) throw new Error('something at /secret/path broke');
}
