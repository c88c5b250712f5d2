import type Database from 'better-sqlite3';
import { rowChecksum } from './checksums.js';
import { corrupt } from './store-errors.js';
import type { StoreCreation } from './store.js';

/** The one row of `meta`: what the store is, and its counters. */
export interface Meta {
  readonly name: string;
  readonly fingerprint: string;
  readonly dimension: number;
  /** JSON text. */
  readonly config: string;
  readonly createdAt: string;
  /** Of the newest commit. */
  sequence: number;
  /** Changes are logged for sequences above this one. */
  logStart: number;
  /** The newest node that was ever made. */
  lastNode: number;
}

/** Nodes are unsigned 32-bit numbers in the graph. */
export const MAX_NODE = 2 ** 32 - 1;

export function newMeta({ name, fingerprint, dimension, config, sequence = 0 }: StoreCreation): Meta {
  const createdAt = new Date().toISOString();
  const text = JSON.stringify(config);
  return { name, fingerprint, dimension, config: text, createdAt, sequence, logStart: sequence, lastNode: 0 };
}

/** Reads and writes the row of {@link Meta}. */
export class MetaTable {
  readonly #file: string;
  readonly #get;
  readonly #put;

  constructor(db: Database.Database, file: string) {
    this.#file = file;
    this.#get = db.prepare<[], Meta & { one: number; checksum: number }>('SELECT * FROM meta');
    this.#put = db.prepare(`INSERT OR REPLACE INTO meta
      (one, name, fingerprint, dimension, config, createdAt, sequence, logStart, lastNode, checksum)
      VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  /** @throws `store_corrupt` */
  read(): Meta {
    const row = this.#get.get();
    if (row === undefined) throw corrupt(this.#file, 'it has no row of meta');
    const { one, checksum, ...meta } = row;
    if (one === 1 && rowChecksum(valuesOf(meta)) === checksum) return meta;
    throw corrupt(this.#file, 'the checksum of its row of meta does not fit');
  }

  write(meta: Meta): void {
    const values = valuesOf(meta);
    this.#put.run(...values, rowChecksum(values));
  }
}

function valuesOf(meta: Meta): (string | number)[] {
  const { name, fingerprint, dimension, config, createdAt, sequence, logStart, lastNode } = meta;
  return [name, fingerprint, dimension, config, createdAt, sequence, logStart, lastNode];
}
