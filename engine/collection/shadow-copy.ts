import { LikenessError, isPictureError, toLikenessError, type ErrorCode } from '../errors.js';
import type { Commit, ContentDescriptor, ImagePage, Store } from '../store/store.js';
import type { ImageRecord } from '../types.js';
import type { EpochHolder } from './epoch-holder.js';

/** Images per page of a walk through a store. */
const PAGE_IMAGES = 256;
/** Images described at once. */
const CONCURRENCY = 8;

export interface CopyOptions {
  /** Leaves out images whose original cannot be read, instead of refusing to swap. */
  dropUnavailable?: boolean;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** An image that could not be described. */
export interface CopyFailure {
  id: string;
  code: ErrorCode;
  message: string;
}

/** A descriptor under the shadow's fingerprint, and the hash of the pixels that it is of; its regions likewise. */
export type Described = Pick<ContentDescriptor, 'vector' | 'perceptualHash' | 'regions'>;

/** Describes an image of the collection for the shadow. @throws the image codes; the image is left out then */
export type DescribeForShadow = (record: ImageRecord) => Promise<Described>;

/** Is told of each commit to the shadow, so that an index over it can follow. */
type NoteCommit = (commit: Commit) => void;
const ignore: NoteCommit = () => undefined;

/** Copies the images of a collection into the store of another fingerprint, as often as needed to catch up with writes. */
export class ShadowCopy {
  readonly #collection: EpochHolder;
  readonly #shadow: Store;
  readonly #describeAnew: DescribeForShadow;
  readonly #options: CopyOptions;
  readonly #failed = new Map<string, LikenessError>();
  /** Writes up to this sequence are in the shadow. */
  #copiedSequence = 0;
  #done = 0;
  #total = 0;

  constructor(collection: EpochHolder, shadow: Store, describe: DescribeForShadow, options: CopyOptions) {
    this.#collection = collection;
    this.#shadow = shadow;
    this.#describeAnew = describe;
    this.#options = options;
  }

  /** Copies every image, and removes from the shadow what an earlier, interrupted run copied and is gone since. */
  async copyAll(): Promise<void> {
    const { sequence, images } = await this.#source.info();
    this.#collection.epoch.index.holdLog(sequence);
    this.#copiedSequence = sequence;
    this.#total = images;
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: ImagePage = await this.#source.imagePage(after, PAGE_IMAGES);
      await this.#copy(page.records, ignore);
      after = page.next;
    }
    await this.#removeGone();
  }

  /**
   * Copies what was written up to now; writes that come meanwhile are left to the next call, or it might never end.
   * @param note is told of each commit. @returns the images that were looked at.
   */
  async catchUp(note: NoteCommit = ignore): Promise<number> {
    const { sequence } = await this.#source.info();
    let looked = 0;
    while (this.#copiedSequence < sequence) {
      const changes = await this.#source.changesSince(this.#copiedSequence, PAGE_IMAGES);
      const last = changes.at(-1);
      if (last === undefined) break;
      const ids = [...new Set(changes.map(({ id }) => id))];
      const records = await this.#source.getMany(ids);
      await this.#copy(records, note);
      const alive = new Set(records.map(({ id }) => id));
      for (const id of ids) if (!alive.has(id)) await this.#remove(id, note);
      this.#copiedSequence = last.sequence;
      looked += ids.length;
    }
    return looked;
  }

  /** @throws `original_not_available` if images would be lost and may not be */
  refuseLosses(): void {
    const [first] = this.failures();
    if (first === undefined || this.#options.dropUnavailable === true) return;
    const message =
      `expected to describe every image again, but ${this.#failed.size} cannot be (such as ${first.id}: ${first.message}); ` +
      'bring their originals back, or let them be dropped';
    throw new LikenessError('original_not_available', message, { details: { count: this.#failed.size, id: first.id } });
  }

  failures(): CopyFailure[] {
    return [...this.#failed].map(([id, error]) => ({ id, code: error.code, message: error.message }));
  }

  get #source(): Store {
    return this.#collection.epoch.store;
  }

  async #copy(records: ImageRecord[], note: NoteCommit): Promise<void> {
    const queue = records.values();
    const worker = async () => {
      for (const record of queue) {
        this.#options.signal?.throwIfAborted();
        await this.#copyOne(record, note);
        this.#done += 1;
        this.#options.onProgress?.(this.#done, Math.max(this.#total, this.#done));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  async #copyOne(record: ImageRecord, note: NoteCommit): Promise<void> {
    try {
      const { vector, perceptualHash, regions } = await this.#describe(record);
      note(await this.#shadow.put({ ...record, perceptualHash, descriptor: vector, regions }));
      this.#failed.delete(record.id);
    } catch (thrown) {
      const error = toLikenessError(thrown);
      if (!isPictureError(error)) throw error;
      await this.#remove(record.id, note);
      this.#failed.set(record.id, error);
    }
  }

  async #describe(record: ImageRecord): Promise<Described> {
    return (await this.#shadow.descriptorByContent(record.contentHash)) ?? this.#describeAnew(record);
  }

  async #remove(id: string, note: NoteCommit): Promise<void> {
    this.#failed.delete(id);
    const [present] = await this.#shadow.getMany([id]);
    if (present !== undefined) note(await this.#shadow.delete(id));
  }

  async #removeGone(): Promise<void> {
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: ImagePage = await this.#shadow.imagePage(after, PAGE_IMAGES);
      const ids = page.records.map(({ id }) => id);
      const alive = new Set((await this.#source.getMany(ids)).map(({ id }) => id));
      for (const id of ids) if (!alive.has(id)) await this.#remove(id, ignore);
      after = page.next;
    }
  }
}
