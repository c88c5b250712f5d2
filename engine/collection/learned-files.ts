import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolderDurably, syncFolder, writeFileDurably } from '../durable-file.js';
import type { Json } from '../types.js';
import type { EventLog } from './services.js';

/** What a file holds: the value as JSON text, and the SHA-256 of that text. */
const sealedSchema = z
  .strictObject({ sha256: z.string(), value: z.string() })
  .refine(({ sha256, value }) => sha256 === hashOf(value), 'expected a SHA-256 that fits the value');

export interface LearnedFilesOptions {
  /** Of one epoch: what was learned from descriptors of one fingerprint says nothing of another's. */
  folder: string;
  log: EventLog;
}

/**
 * What was learned from a collection, by name (a calibration, a category head): derived from the store, so that it can be
 * learned again. Each name is one sealed JSON file. A damaged file is told of, put aside as `NAME.damaged`, and then
 * counts as not learned.
 */
export class LearnedFiles {
  readonly #options: LearnedFilesOptions;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(options: LearnedFilesOptions) {
    this.#options = options;
  }

  /** @param schema what the value is checked against, once. @returns the value, or undefined if it is not learned yet. */
  read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const known = this.#known.get(name) ?? this.#load(name, schema);
    this.#known.set(name, known);
    return known as Promise<T | undefined>;
  }

  /** Takes the place of what was learned before; durable when it returns. @throws `disk_full` */
  async write(name: string, value: Json): Promise<void> {
    const text = JSON.stringify(value);
    await makeFolderDurably(this.#options.folder);
    await writeFileDurably(this.#file(name), JSON.stringify({ sha256: hashOf(text), value: text }));
    this.#known.set(name, Promise.resolve(JSON.parse(text)));
  }

  /** Forgets it, if it was learned. */
  async remove(name: string): Promise<void> {
    await rm(this.#file(name), { force: true });
    this.#known.delete(name);
  }

  async #load<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const text = await readFile(this.#file(name), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return schema.parse(JSON.parse(sealedSchema.parse(JSON.parse(text)).value));
    } catch (error) {
      await this.#putAside(name, error);
      return undefined;
    }
  }

  async #putAside(name: string, error: unknown): Promise<void> {
    this.#options.log('learned-file-damaged', { name, problem: String(error) });
    await rename(this.#file(name), `${this.#file(name)}.damaged`);
    await syncFolder(this.#options.folder);
  }

  #file(name: string): string {
    return join(this.#options.folder, `${name}.json`);
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
