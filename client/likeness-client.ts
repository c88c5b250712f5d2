import type { z } from 'zod';
import type { Job } from '../engine/collection/jobs.js';
import type { ImageRecord, Json, Metadata, Region } from '../engine/types.js';
import type {
  BatchResult,
  CollectionAnswer,
  DeleteResponse,
  FeaturesResponse,
  FileSource,
  ListResponse,
  NewCollection,
  NewJob,
  PatchResponse,
  PutResponse,
  QueryInput,
  SearchResponse,
  SubjectsResponse,
  TransferLine,
  searchOptionsSchema,
} from '../server/schemas.js';
import type { CategoriesResponse } from '../server/schemas/categories.js';
import type { CompareResponse, DuplicatesResponse } from '../server/schemas/duplicates.js';
import type { FeedbackInput, FeedbackResponse } from '../server/schemas/queries.js';
import type { FieldsAnswer } from '../server/schemas/fields.js';
import type { ModelList, SessionAnswer } from '../server/schemas/session.js';
import { HttpSender, wait, type PictureBytes, type SenderOptions } from './http-sender.js';
import { eventContents, textLines } from './text-lines.js';

export interface PutInput {
  /** Without one, the server makes it. */
  id?: string;
  bytes: PictureBytes;
  metadata?: Metadata;
  /** The file that the bytes were read from; only for a server on the same machine, which then keeps no copy. */
  source?: FileSource;
  signal?: AbortSignal;
}

export interface ListInput {
  filter?: Json;
  /** Images fetched at once. */
  pageSize?: number;
  signal?: AbortSignal;
}

/**
 * What to search by: pictures (with `weights` in the options), a stored image, a descriptor, or several of any kind, each
 * with its own weight; a weight below 0 makes a counter-example. A text may stand alone, or in the options beside these.
 */
export type SearchBy =
  | {
      images: PictureBytes[];
      /** Of the pictures, in their order, where they have one: what is black in it does not count. */
      masks?: (PictureBytes | undefined)[];
    }
  | { id: string }
  | { descriptor: number[]; fingerprint: string }
  | { queries: QueryInput[] }
  | { text: string };
export type SearchOptionsInput = z.input<typeof searchOptionsSchema> & { signal?: AbortSignal };

export type SearchHit = SearchResponse['hits'][number];

/** Which part of the ranking of a query is wanted; what is absent is as it was asked first. */
export interface QueryPageInput {
  k?: number;
  offset?: number;
  include?: SearchOptionsInput['include'];
  signal?: AbortSignal;
}

export interface DuplicatesInput {
  /** The loosest verdict of a pair. */
  verdict?: 'identical' | 'near-duplicate';
  /** Also look at the key points of similar pairs, which finds crops and takes long. */
  geometry?: boolean;
  /** Groups fetched at once. */
  pageSize?: number;
  signal?: AbortSignal;
}

/** Ranks past this one cannot be asked for. */
const MAX_RANK = 10_000;
/** After a stream has ended early. */
const FOLLOW_AGAIN_MS = 1000;
/** Facts beside a picture up to this length travel in the query string, longer ones in a multipart body. */
const MAX_QUERY_LENGTH = 4000;

/**
 * A Likeness server from afar, for Node and browsers. Methods throw LikenessError with the server's code; answers of 429
 * and 503 are tried again.
 */
export class LikenessClient {
  readonly #http: HttpSender;

  /** @param options url of the server, e.g. http://127.0.0.1:3000; an API key where it asks for one */
  constructor(options: SenderOptions) {
    this.#http = new HttpSender(options);
  }

  /** What the server lets this caller do. */
  session(): Promise<SessionAnswer> {
    return this.#http.json('GET', '/v1/session');
  }

  /** In a browser: from now on a cookie stands for the key. @throws `unauthorized` */
  signIn(key: string): Promise<SessionAnswer> {
    return this.#http.json('POST', '/v1/session', { json: { key } });
  }

  async signOut(): Promise<void> {
    await this.#http.send('DELETE', '/v1/session');
  }

  /** The installed models. */
  async models(): Promise<ModelList['models']> {
    return (await this.#http.json<ModelList>('GET', '/v1/models')).models;
  }

  /** Every collection with its counts, model and state. */
  async collections(): Promise<CollectionAnswer[]> {
    return (await this.#http.json<{ collections: CollectionAnswer[] }>('GET', '/v1/collections')).collections;
  }

  collection(name: string): Promise<CollectionAnswer> {
    return this.#http.json('GET', collectionPath(name));
  }

  createCollection(name: string, config: NewCollection = {}): Promise<CollectionAnswer> {
    return this.#http.json('PUT', collectionPath(name), { json: config });
  }

  async deleteCollection(name: string): Promise<void> {
    await this.#http.send('DELETE', collectionPath(name));
  }

  /** Adds or replaces an image; durable when it returns. */
  put(collection: string, { id, bytes, metadata, source, signal }: PutInput): Promise<PutResponse> {
    const path = id === undefined ? `${collectionPath(collection)}/images` : imagePath(collection, id);
    const facts = jsonFields({ metadata, source });
    const query = new URLSearchParams(facts).toString();
    const body = query.length > MAX_QUERY_LENGTH ? { form: formOf([bytes], facts) } : { bytes, query };
    return this.#http.json(id === undefined ? 'POST' : 'PUT', path, { ...body, signal });
  }

  /** Adds several images in one request. @returns an answer for each, in order; look at their errors */
  async batch(collection: string, images: PutInput[], signal?: AbortSignal): Promise<BatchResult[]> {
    const items = images.map(({ id, metadata, source }) => ({ id, metadata, source }));
    const pictures = images.map(({ bytes }) => bytes);
    const form = formOf(pictures, { items: JSON.stringify(items) });
    const path = `${collectionPath(collection)}/images/batch`;
    return (await this.#http.json<{ items: BatchResult[] }>('POST', path, { form, signal })).items;
  }

  /** @returns for each SHA-256 (hex) that is stored, the ids that have it. */
  async exists(collection: string, contentHashes: string[]): Promise<Record<string, string[]>> {
    const path = `${collectionPath(collection)}/images/exists`;
    return (await this.#http.json<{ ids: Record<string, string[]> }>('POST', path, { json: { contentHashes } })).ids;
  }

  /** Every image in order of id; pages are fetched as they are needed. */
  async *list(collection: string, { filter, pageSize = 500, signal }: ListInput = {}): AsyncGenerator<ImageRecord> {
    const query = new URLSearchParams({ ...jsonFields({ filter }), limit: String(pageSize) });
    for (;;) {
      const path = `${collectionPath(collection)}/images`;
      const page = await this.#http.json<ListResponse>('GET', path, { query: query.toString(), signal });
      yield* page.images;
      if (page.nextCursor === undefined) return;
      query.set('cursor', page.nextCursor);
    }
  }

  get(collection: string, id: string): Promise<ImageRecord> {
    return this.#http.json('GET', imagePath(collection, id));
  }

  /** Merges into the metadata; null removes a field. */
  patch(collection: string, id: string, metadata: Metadata): Promise<PatchResponse> {
    return this.#http.json('PATCH', imagePath(collection, id), { json: { metadata } });
  }

  delete(collection: string, id: string): Promise<DeleteResponse> {
    return this.#http.json('DELETE', imagePath(collection, id));
  }

  /** The metadata fields with their types and most frequent values. */
  fields(collection: string): Promise<FieldsAnswer> {
    return this.#http.json('GET', `${collectionPath(collection)}/fields`);
  }

  /** The bytes as they were added. */
  original(collection: string, id: string): Promise<Uint8Array> {
    return this.#http.bytes(`${imagePath(collection, id)}/original`);
  }

  /** A WebP picture that fits a square of `sizePx`. */
  thumbnail(collection: string, id: string, sizePx: number): Promise<Uint8Array> {
    return this.#http.bytes(`${imagePath(collection, id)}/thumbnail`, `size=${sizePx}`);
  }

  /** The nearest images. */
  search(collection: string, by: SearchBy, { signal, ...options }: SearchOptionsInput = {}): Promise<SearchResponse> {
    const path = `${collectionPath(collection)}/search`;
    if (!('images' in by)) return this.#http.json('POST', path, { json: { ...by, ...options }, signal });
    const form = formOf(by.images, { options: JSON.stringify(options) }, by.masks);
    return this.#http.json('POST', path, { form, signal });
  }

  /** Every hit, best first, up to where the server counts ranks; pages are fetched as they are needed, the picture is sent once. */
  async *hits(collection: string, by: SearchBy, options: SearchOptionsInput = {}): AsyncGenerator<SearchHit> {
    const { k = 100, offset = 0, signal, include } = options;
    let page = await this.search(collection, by, { ...options, k });
    for (let start = offset + k; ; start += k) {
      yield* page.hits;
      if (page.hits.length < k || page.queryId === undefined || start + k > MAX_RANK) return;
      const next = {
        k,
        offset: start,
        ...(include === undefined ? {} : { include }),
        ...(signal === undefined ? {} : { signal }),
      };
      page = await this.searchAgain(collection, page.queryId, next);
    }
  }

  /** A search of late again, by the queryId of its answer; k and offset page through it. */
  searchAgain(collection: string, queryId: string, { signal, ...page }: QueryPageInput = {}): Promise<SearchResponse> {
    const texts = Object.entries(page).map(([name, value]) => [name, String(value)] as const);
    const query = new URLSearchParams(Object.fromEntries(texts)).toString();
    const path = `${collectionPath(collection)}/queries/${encodeURIComponent(queryId)}`;
    return this.#http.json('GET', path, { query, signal });
  }

  /** Tells which images of an answer were chosen; stored when it returns, and never learned from by itself. */
  feedback(collection: string, feedback: FeedbackInput): Promise<FeedbackResponse> {
    return this.#http.json('POST', `${collectionPath(collection)}/feedback`, { json: feedback });
  }

  /** The category field, and the head that was trained on it. */
  categories(collection: string): Promise<CategoriesResponse> {
    return this.#http.json('GET', `${collectionPath(collection)}/categories`);
  }

  /** Every record with its descriptor, as they come; or about `sample` of them, spread over all. */
  async *exportImages(collection: string, { sample }: { sample?: number } = {}): AsyncGenerator<TransferLine> {
    const query = sample === undefined ? '' : `sample=${sample}`;
    const response = await this.#http.send('GET', `${collectionPath(collection)}/export`, { query });
    for await (const line of textLines(response)) yield JSON.parse(line) as TransferLine;
  }

  /** Takes back lines of an export. @returns an answer for each, in order; look at their errors */
  async importImages(collection: string, lines: TransferLine[], fingerprint: string): Promise<BatchResult[]> {
    const body = lines.map((line) => `${JSON.stringify({ op: 'import', fingerprint, ...line })}\n`).join('');
    const path = `${collectionPath(collection)}/images/batch`;
    return (await this.#http.json<{ items: BatchResult[] }>('POST', path, { ndjson: body })).items;
  }

  /** Starts long work on a collection; ask about it with {@link job}, or be told with {@link followJob}. */
  startJob(collection: string, job: NewJob): Promise<Job> {
    return this.#http.json('POST', `${collectionPath(collection)}/jobs`, { json: job });
  }

  /** Jobs since the server's start, newest first. */
  async jobs(collection: string): Promise<Job[]> {
    return (await this.#http.json<{ jobs: Job[] }>('GET', `${collectionPath(collection)}/jobs`)).jobs;
  }

  job(collection: string, id: string): Promise<Job> {
    return this.#http.json('GET', `${collectionPath(collection)}/jobs/${encodeURIComponent(id)}`);
  }

  /** How far a job is, each time it has come farther; the last one is over. A connection that ends before is made anew. */
  async *followJob(collection: string, id: string, signal?: AbortSignal): AsyncGenerator<Job> {
    const path = `${collectionPath(collection)}/jobs/${encodeURIComponent(id)}/events`;
    for (;;) {
      const response = await this.#http.send('GET', path, { signal });
      try {
        for await (const job of eventContents(response) as AsyncGenerator<Job>) {
          yield job;
          if (job.state !== 'running') return;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof TypeError)) throw error;
      }
      await wait(FOLLOW_AGAIN_MS, signal);
    }
  }

  /** What a picture that is not stored shows, best first: boxes that a search takes as its region. */
  subjects(collection: string, bytes: PictureBytes, signal?: AbortSignal): Promise<SubjectsResponse> {
    return this.#http.json('POST', `${collectionPath(collection)}/subjects`, { bytes, signal });
  }

  /** Groups of images that are duplicates of each other; pages are fetched as they are needed. @throws `not_calibrated` */
  async *duplicates(
    collection: string,
    { verdict = 'near-duplicate', geometry = false, pageSize = 100, signal }: DuplicatesInput = {},
  ): AsyncGenerator<DuplicatesResponse['groups'][number]> {
    const query = new URLSearchParams({ verdict, geometry: String(geometry), limit: String(pageSize) });
    for (;;) {
      const path = `${collectionPath(collection)}/duplicates`;
      const page = await this.#http.json<DuplicatesResponse>('GET', path, { query: query.toString(), signal });
      yield* page.groups;
      if (page.nextCursor === undefined) return;
      query.set('cursor', page.nextCursor);
    }
  }

  /** What two pictures are to each other: bytes, or ids of stored images. */
  compare(
    collection: string,
    a: Uint8Array | { id: string },
    b: Uint8Array | { id: string },
    { picture = false, signal }: { picture?: boolean; signal?: AbortSignal } = {},
  ): Promise<CompareResponse> {
    const path = `${collectionPath(collection)}/compare`;
    if (a instanceof Uint8Array && b instanceof Uint8Array) {
      const form = new FormData();
      form.append('picture', String(picture));
      for (const [field, bytes] of Object.entries({ a, b })) form.append(field, toBlob(bytes), field);
      return this.#http.json('POST', path, { form, signal });
    }
    const json = { a: comparedJson(a), b: comparedJson(b), picture };
    return this.#http.json('POST', path, { json, signal });
  }

  /** The descriptor of a picture that is not stored. */
  features(
    collection: string,
    bytes: PictureBytes,
    { region, context, signal }: { region?: Region; context?: number; signal?: AbortSignal } = {},
  ): Promise<FeaturesResponse> {
    const query = new URLSearchParams({
      ...(region === undefined ? {} : { region: [region.x, region.y, region.width, region.height].join(',') }),
      ...(context === undefined ? {} : { context: String(context) }),
    }).toString();
    return this.#http.json('POST', `${collectionPath(collection)}/features`, { bytes, query, signal });
  }
}

/** Base64 without Node's Buffer, for browsers. */
function comparedJson(given: Uint8Array | { id: string }): { id: string } | { imageBase64: string } {
  if (!(given instanceof Uint8Array)) return given;
  let text = '';
  for (const byte of given) text += String.fromCharCode(byte);
  return { imageBase64: btoa(text) };
}

function collectionPath(name: string): string {
  return `/v1/collections/${encodeURIComponent(name)}`;
}

function imagePath(collection: string, id: string): string {
  return `${collectionPath(collection)}/images/${encodeURIComponent(id)}`;
}

/** @returns the defined values as JSON text. */
function jsonFields(values: Record<string, unknown>): Record<string, string> {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, JSON.stringify(value)]));
}

/** Fields come before the files, so that the server knows them when it reads a file. */
function formOf(
  images: PictureBytes[],
  fields: Record<string, string>,
  masks: (PictureBytes | undefined)[] = [],
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  images.forEach((image, i) => {
    form.append('image', toBlob(image), 'image');
    const mask = masks[i];
    if (mask !== undefined) form.append('mask', toBlob(mask), 'mask');
  });
  return form;
}

/** No picture lies in memory that threads share, which a Blob could not take. */
function toBlob(bytes: PictureBytes): Blob {
  const [own] = [bytes] as (Blob | Uint8Array<ArrayBuffer>)[];
  return own instanceof Blob ? own : new Blob(own === undefined ? [] : [own]);
}
