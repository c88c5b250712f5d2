import { LikenessClient } from '../../client/likeness-client.js';
import type { DomainsReport } from '../../engine/category/domain-means.js';
import type { HeadReport } from '../../engine/category/category-head.js';
import type { CalibrateOptions } from '../../engine/collection/calibrate/calibrate.js';
import type { CalibrationFacts } from '../../engine/collection/calibrate/calibration.js';
import type { CollectionInfo } from '../../engine/collection/collection.js';
import type { Comparison } from '../../engine/collection/compare/compare.js';
import type { DuplicatesRequest } from '../../engine/collection/duplicates/duplicate-finder.js';
import type { FeedbackRequest, QueryPage } from '../../engine/collection/logged-search.js';
import type { Job } from '../../engine/collection/jobs.js';
import type { LearnDomainsOptions } from '../../engine/collection/learn-domains.js';
import type { TrainHeadOptions } from '../../engine/collection/train-head.js';
import type { ModelChangeReport } from '../../engine/collection/change-model.js';
import type { ReembedOptions } from '../../engine/collection/reembed.js';
import type { TuneOptions, TuneReport } from '../../engine/collection/tune.js';
import type { VerifyFault, VerifyOptions } from '../../engine/collection/verify.js';
import { LikenessError, type ErrorCode } from '../../engine/errors.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { ImageWrite } from '../../engine/store/store.js';
import type { CollectionConfig } from '../../engine/types.js';
import type { NewJob, SearchResponse } from '../../server/schemas.js';
import { decodeFloats, encodeFloats } from '../../server/float-text.js';
import { decodeRegions, encodeRegions } from '../../server/region-text.js';
import type { Backend, CollectionBackend, FoundImages, PutInput, SearchInput } from './backend.js';

/** Requests in flight at once; the server decides what runs. */
const CONCURRENCY = 8;

export interface RemoteOptions {
  url: string;
  apiKey: string | undefined;
  /** The server reads the same files, so that pictures are referred to where they lie instead of being kept twice. */
  sameMachine: boolean;
}

/** Collections behind a running server. */
export class RemoteBackend implements Backend {
  readonly concurrency = CONCURRENCY;
  readonly #client: LikenessClient;
  readonly #sameMachine: boolean;

  constructor({ url, apiKey, sameMachine }: RemoteOptions) {
    this.#client = new LikenessClient({ url, apiKey });
    this.#sameMachine = sameMachine;
  }

  async names(): Promise<string[]> {
    return (await this.#client.collections()).map(({ name }) => name);
  }

  async collection(name: string, create?: Partial<CollectionConfig>): Promise<CollectionBackend> {
    const collection = new RemoteCollection(this.#client, name, this.#sameMachine);
    const found = await collection.info().catch((error: unknown) => {
      if (create === undefined || !hasCode(error, 'collection_not_found')) throw error;
      return undefined;
    });
    if (found === undefined) await this.#client.createCollection(name, create);
    return collection;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class RemoteCollection implements CollectionBackend {
  readonly #client: LikenessClient;
  readonly #name: string;
  readonly #sameMachine: boolean;

  constructor(client: LikenessClient, name: string, sameMachine: boolean) {
    this.#client = client;
    this.#name = name;
    this.#sameMachine = sameMachine;
  }

  async info(): Promise<CollectionInfo> {
    const { state, reason, ...info } = await this.#client.collection(this.#name);
    if (state === 'ready') return info as CollectionInfo;
    throw new LikenessError('collection_quarantined', `collection ${this.#name} is damaged (${reason ?? 'unknown'})`);
  }

  put({ id, bytes, metadata, source }: PutInput) {
    const file = this.#sameMachine && source.kind === 'file' ? { source } : {};
    return this.#client.put(this.#name, { id, bytes, metadata, ...file });
  }

  find(id: string) {
    return this.#client.get(this.#name, id).catch(undefinedIfMissing);
  }

  list() {
    return this.#client.list(this.#name);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#client.delete(this.#name, id).catch(undefinedIfMissing)) !== undefined;
  }

  async search({ pictures, filter, text, ...given }: SearchInput) {
    const options = { ...given, ...(filter === undefined ? {} : { filter }), include: ['image' as const] };
    if (text !== undefined && pictures.length === 0)
      return toFoundImages(await this.#client.search(this.#name, { text }, options));
    const by = { images: pictures.map(({ bytes }) => bytes), masks: pictures.map(({ mask }) => mask) };
    const weights = pictures.map(({ weight }) => weight);
    const beside = text === undefined ? {} : { text };
    return toFoundImages(await this.#client.search(this.#name, by, { ...options, ...beside, weights }));
  }

  async searchAgain(queryId: string, page: QueryPage) {
    return toFoundImages(await this.#client.searchAgain(this.#name, queryId, { ...page, include: ['image'] }));
  }

  addFeedback(feedback: FeedbackRequest) {
    return this.#client.feedback(this.#name, feedback);
  }

  findSubjects(bytes: Uint8Array) {
    return this.#client.subjects(this.#name, bytes);
  }

  original(id: string): Promise<Uint8Array> {
    return this.#client.original(this.#name, id);
  }

  thumbnail(id: string, sizePx: number): Promise<Uint8Array> {
    return this.#client.thumbnail(this.#name, id, sizePx);
  }

  async *exportImages(): AsyncGenerator<ImageWrite> {
    for await (const { regions, ...line } of this.#client.exportImages(this.#name))
      yield { ...line, descriptor: decodeFloats(line.descriptor), ...decodeRegions(regions) };
  }

  async importImage(write: ImageWrite, fingerprint: string): Promise<void> {
    const { createdAt = '', updatedAt = '', descriptor, regions, ...record } = write;
    const line = { ...record, createdAt, updatedAt, descriptor: encodeFloats(descriptor), ...encodeRegions(regions) };
    const [result] = await this.#client.importImages(this.#name, [line], fingerprint);
    if (result?.error !== undefined) throw new LikenessError(result.error.code as ErrorCode, result.error.message);
  }

  verify({ repair, onProgress }: VerifyOptions): Promise<VerifyFault[]> {
    return this.#run({ kind: 'verify', repair }, onProgress) as Promise<VerifyFault[]>;
  }

  reembed({ model, onProgress, ...options }: ReembedOptions): Promise<ModelChangeReport> {
    const job = { kind: 'reembed' as const, model, ...pickDefined(options, ['chain', 'scales', 'dropUnavailable']) };
    return this.#run(job, onProgress) as Promise<ModelChangeReport>;
  }

  tune({ onProgress, signal, ...request }: TuneOptions): Promise<TuneReport> {
    return this.#run({ kind: 'tune', ...request }, onProgress) as Promise<TuneReport>;
  }

  trainHead({ onProgress, signal, ...options }: TrainHeadOptions): Promise<HeadReport> {
    return this.#run({ kind: 'train-head', ...options }, onProgress) as Promise<HeadReport>;
  }

  learnDomains({ onProgress, field }: LearnDomainsOptions): Promise<DomainsReport> {
    return this.#run({ kind: 'learn-domains', field }, onProgress) as Promise<DomainsReport>;
  }

  categories() {
    return this.#client.categories(this.#name);
  }

  calibrate({ onProgress, ...options }: CalibrateOptions): Promise<CalibrationFacts> {
    const job = { kind: 'calibrate' as const, ...pickDefined(options, ['images']) };
    return this.#run(job, onProgress) as Promise<CalibrationFacts>;
  }

  duplicates({ verdict, geometry = false }: Pick<DuplicatesRequest, 'verdict' | 'geometry'>) {
    return this.#client.duplicates(this.#name, { verdict, geometry });
  }

  async compare({ a, b, picture }: { a: Uint8Array; b: Uint8Array; picture: boolean }): Promise<Comparison> {
    const { pictureBase64, ...found } = await this.#client.compare(this.#name, a, b, { picture });
    return { ...found, ...(pictureBase64 === undefined ? {} : { picture: Buffer.from(pictureBase64, 'base64') }) };
  }

  /** Starts a job and follows it until it is over. */
  async #run(wanted: NewJob, onProgress: ((done: number, total: number) => void) | undefined): Promise<unknown> {
    let job: Job = await this.#client.startJob(this.#name, wanted);
    for await (job of this.#client.followJob(this.#name, job.id)) onProgress?.(job.done, job.total);
    if (job.error !== undefined) throw new LikenessError(job.error.code as ErrorCode, job.error.message);
    return job.result;
  }
}

/** @param found an answer that includes the images. */
function toFoundImages(found: SearchResponse): FoundImages {
  const hits = found.hits.flatMap(({ id, score, image, ...ranked }) =>
    image === undefined
      ? []
      : [{ record: { id, ...image }, score, ...pickDefined(ranked, ['box', 'rankScore', 'verdict', 'probability']) }],
  );
  return { ...found, hits };
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LikenessError && error.code === code;
}

function undefinedIfMissing(error: unknown): undefined {
  if (hasCode(error, 'image_not_found')) return undefined;
  throw error;
}
