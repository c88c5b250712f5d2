import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolderDurably, writeFileDurably } from '../durable-file.js';
import { LikenessError } from '../errors.js';
import { sha256 as hashOf } from '../sha256.js';

/**
 * The kept bytes of pictures, each under its SHA-256: ab/cd/abcd... Pictures are whole or not there, and what is read is
 * checked. Calls for one hash run one after another, so that a delete and a put of the same picture cannot cross.
 */
export class Originals {
  readonly #folder: string;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Durable when it resolves. @param sha256 of the bytes, hex. @throws `disk_full` */
  put(bytes: Uint8Array, sha256: string): Promise<void> {
    return this.#inTurn(sha256, async () => {
      const path = this.#path(sha256);
      if (await this.#isStored(path, bytes)) return;
      await makeFolderDurably(dirname(path));
      await writeFileDurably(path, bytes);
    });
  }

  /** @returns the bytes, or undefined if there are none. @throws `original_not_available` if they have changed */
  get(sha256: string): Promise<Uint8Array | undefined> {
    return this.#inTurn(sha256, async () => {
      const bytes = await readIfPresent(this.#path(sha256));
      if (bytes === undefined || (await hashOf(bytes)) === sha256) return bytes;
      const message = `the original ${this.#path(sha256)} is damaged: its bytes have another hash than its name`;
      throw new LikenessError('original_not_available', message, { details: { sha256 } });
    });
  }

  async has(sha256: string): Promise<boolean> {
    return (await sizeOf(this.#path(sha256))) !== undefined;
  }

  delete(sha256: string): Promise<void> {
    return this.#inTurn(sha256, () => rm(this.#path(sha256), { force: true }));
  }

  /**
   * Deletes every picture but these, and what killed processes left half written. Pictures that are put but not yet in
   * `keep` go too: call it while no upload runs. @returns how many files were deleted
   */
  async sweep(keep: ReadonlySet<string>): Promise<number> {
    let deleted = 0;
    for (const entry of await this.#files()) {
      if (keep.has(entry.name)) continue;
      await this.#inTurn(entry.name, () => rm(join(entry.parentPath, entry.name), { force: true }));
      deleted += 1;
    }
    return deleted;
  }

  async #files() {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(ifMissing([]));
    return entries.filter((entry) => entry.isFile() && /^[0-9a-f]{64}/.test(entry.name));
  }

  /** A stored file that has changed is written anew, so that sending a picture again repairs it. */
  async #isStored(path: string, bytes: Uint8Array): Promise<boolean> {
    if ((await sizeOf(path)) !== bytes.length) return false;
    const stored = await readIfPresent(path);
    return stored !== undefined && Buffer.compare(stored, bytes) === 0;
  }

  #path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`expected a SHA-256 in hex, got ${sha256}`);
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async #inTurn<T>(sha256: string, task: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(sha256) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#turns.set(sha256, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(sha256) === turn) this.#turns.delete(sha256);
    }
  }
}

function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(ifMissing(undefined));
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(ifMissing(undefined)))?.size;
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
