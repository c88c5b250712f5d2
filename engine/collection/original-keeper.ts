import { readFile } from 'node:fs/promises';
import { LikenessError } from '../errors.js';
import { sha256 } from '../sha256.js';
import { Originals } from '../store/originals.js';
import type { ImageRecord } from '../types.js';

/**
 * The original bytes of a collection's images: uploads in the content-addressed folder, files where they lie. Keeps a
 * delete from removing bytes that a running upload is about to refer to.
 */
export class OriginalKeeper {
  readonly #blobs: Originals;
  /** Content hash -> uploads that hold it. */
  readonly #held = new Map<string, number>();

  constructor(folder: string) {
    this.#blobs = new Originals(folder);
  }

  /** Stores the bytes (none: nothing to keep), then commits; nobody drops them in between. */
  async holding<T>(bytes: Uint8Array | undefined, contentHash: string, commit: () => Promise<T>): Promise<T> {
    if (bytes === undefined) return commit();
    this.#hold(contentHash, 1);
    try {
      await this.#blobs.put(bytes, contentHash);
      return await commit();
    } finally {
      this.#hold(contentHash, -1);
    }
  }

  /** Removes bytes that no image refers to any more, unless an upload holds them. */
  async drop(contentHash: string): Promise<void> {
    if (!this.#held.has(contentHash)) await this.#blobs.delete(contentHash);
  }

  /** Removes all bytes but these: what a crash left between storing bytes and committing. */
  async sweep(keep: ReadonlySet<string>): Promise<void> {
    await this.#blobs.sweep(keep);
  }

  /** @throws `original_not_available` when the bytes were not kept, are gone, or are no longer the same */
  async read(record: ImageRecord): Promise<Uint8Array> {
    if (record.source.kind === 'file') return readUnchangedFile(record.source.path, record);
    const bytes = await this.#blobs.get(record.contentHash);
    if (bytes !== undefined) return bytes;
    throw new LikenessError(
      'original_not_available',
      `expected the original of ${record.id}, but its bytes were not kept`,
    );
  }

  #hold(contentHash: string, change: number): void {
    const count = (this.#held.get(contentHash) ?? 0) + change;
    if (count > 0) this.#held.set(contentHash, count);
    else this.#held.delete(contentHash);
  }
}

async function readUnchangedFile(path: string, record: ImageRecord): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new LikenessError(
      'original_not_available',
      `expected the original of ${record.id} at ${path}, but it cannot be read`,
      { cause: error },
    );
  }
  if ((await sha256(bytes)) === record.contentHash) return bytes;
  throw new LikenessError(
    'original_not_available',
    `expected the original of ${record.id} at ${path}, but the file has changed since`,
  );
}
