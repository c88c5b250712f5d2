import type Database from 'better-sqlite3';
import { crc32 } from 'node:zlib';
import { bytesOf, descriptorHash } from './checksums.js';
import { corrupt } from './store-errors.js';
import type { NodePage } from './store.js';

interface NodeRow {
  node: number;
  hash: Buffer;
  vector: Buffer;
  checksum: number;
}

/** How far a stored descriptor's length may be from 1: float32 rounding, and projections that end in float32. */
export const NORM_TOLERANCE = 1e-3;

/** The distinct descriptors, one node each. Every vector that is read is checked against its hash. */
export class NodeTable {
  readonly #file: string;
  readonly #dimension: number;
  readonly #find;
  readonly #insert;
  readonly #delete;
  readonly #get;
  readonly #page;
  readonly #count;

  constructor(db: Database.Database, file: string, dimension: number) {
    this.#file = file;
    this.#dimension = dimension;
    this.#find = db.prepare<[Buffer], NodeRow>('SELECT * FROM nodes WHERE hash = ?');
    this.#insert = db.prepare<[number, Buffer, Buffer, number]>('INSERT INTO nodes VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare<[number]>('DELETE FROM nodes WHERE node = ?');
    this.#get = db.prepare<[number], NodeRow>('SELECT * FROM nodes WHERE node = ?');
    this.#page = db.prepare<[number, number], NodeRow>('SELECT * FROM nodes WHERE node > ? ORDER BY node LIMIT ?');
    this.#count = db.prepare<[], number>('SELECT count(*) FROM nodes').pluck();
  }

  /** @returns the node of exactly this descriptor, if there is one. */
  find(vector: Float32Array): number | undefined {
    const row = this.#find.get(descriptorHash(vector));
    return row === undefined ? undefined : this.#checked(row).node;
  }

  insert(node: number, vector: Float32Array): void {
    const hash = descriptorHash(vector);
    this.#insert.run(node, hash, bytesOf(vector), crc32(hash, node));
  }

  delete(node: number): void {
    this.#delete.run(node);
  }

  count(): number {
    return this.#count.get()!;
  }

  /**
   * @param nodes that images refer to; vectors are in their order, [nodes.length, dimension] row-major.
   * @throws `store_corrupt` if one is missing
   */
  vectorsOf(nodes: Uint32Array): Float32Array {
    return this.#packed(Array.from(nodes, (node) => this.#existing(node))).vectors;
  }

  /** @returns those of the nodes that exist, in the order asked. */
  pageOf(nodes: Iterable<number>): NodePage {
    return this.#packed([...nodes].flatMap((node) => this.#get.get(node) ?? []));
  }

  /** @returns nodes above `after` in rising order. */
  page(after: number, limit: number): NodePage {
    return this.#packed(this.#page.all(after, limit));
  }

  #existing(node: number): NodeRow {
    const row = this.#get.get(node);
    if (row === undefined) throw corrupt(this.#file, `node ${node} is missing`);
    return row;
  }

  #packed(rows: NodeRow[]): NodePage {
    const vectors = new Float32Array(rows.length * this.#dimension);
    const bytes = bytesOf(vectors);
    rows.forEach((row, i) => bytes.set(this.#checked(row).vector, i * this.#dimension * 4));
    return { nodes: Uint32Array.from(rows, ({ node }) => node), vectors };
  }

  #checked(row: NodeRow): NodeRow {
    const fault = nodeFault(row, this.#dimension);
    if (fault !== undefined) throw corrupt(this.#file, `node ${row.node}: ${fault}`);
    return row;
  }
}

/** @returns what is wrong with a stored descriptor, or undefined. */
function nodeFault({ node, hash, vector, checksum }: NodeRow, dimension: number): string | undefined {
  if (vector.length !== dimension * 4) return `expected ${dimension * 4} bytes of descriptor, found ${vector.length}`;
  const floats = new Float32Array(Uint8Array.from(vector).buffer);
  if (!descriptorHash(floats).equals(hash)) return 'its descriptor has another hash than was stored';
  return crc32(hash, node) === checksum ? undefined : 'its checksum does not fit';
}

/** @returns how far the vector's length is from 1; NaN if it is not finite. */
export function normError(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.abs(Math.sqrt(squares) - 1);
}
