import type Database from 'better-sqlite3';
import type { ImageRecord, ImageSource, Metadata } from '../types.js';
import { rowChecksum } from './checksums.js';
import type { SqlCondition } from './filter-sql.js';
import { corrupt } from './store-errors.js';

/** A row of `images` in the order of its columns; metadata and source are JSON text. */
export interface ImageRow {
  label: number;
  id: string;
  node: number;
  contentHash: string;
  width: number;
  height: number;
  format: string;
  bytes: number;
  metadata: string;
  source: string;
  createdAt: string;
  updatedAt: string;
  sequence: number;
  /** From a table of its own; null where it was not computed yet. */
  perceptualHash: string | null;
}

type StoredRow = ImageRow & { checksum: number; hashChecksum: number | null };

/** The images with their perceptual hashes; the columns of `images` come first. */
const ROWS = 'SELECT * FROM images LEFT JOIN perceptualHashes USING (label)';

/** The images. Every row that is read is checked against its checksum before anything of it is believed. */
export class ImageTable {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #find;
  readonly #write;
  readonly #writeHash;
  readonly #deleteHash;
  readonly #hasHash;
  readonly #delete;
  readonly #usesNode;
  readonly #keepsContent;
  readonly #page;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
    this.#find = db.prepare<[string], StoredRow>(`${ROWS} WHERE id = ?`);
    this.#write = db.prepare(`INSERT INTO images VALUES (${Array(14).fill('?').join(', ')})
      ON CONFLICT (label) DO UPDATE SET ${REPLACEABLE.map((column) => `${column} = excluded.${column}`).join(', ')}`);
    this.#writeHash = db.prepare<[number, string, number]>('INSERT OR REPLACE INTO perceptualHashes VALUES (?, ?, ?)');
    this.#deleteHash = db.prepare<[number]>('DELETE FROM perceptualHashes WHERE label = ?');
    this.#hasHash = db.prepare<[number], number>('SELECT 1 FROM perceptualHashes WHERE label = ?').pluck();
    this.#delete = db.prepare<[number]>('DELETE FROM images WHERE label = ?');
    this.#usesNode = db.prepare<[number], number>('SELECT 1 FROM images WHERE node = ? LIMIT 1').pluck();
    this.#keepsContent = db
      .prepare<[string], number>(`SELECT 1 FROM images WHERE contentHash = ? AND ${KEPT} LIMIT 1`)
      .pluck();
    this.#page = db.prepare<[number, number], StoredRow>(`${ROWS} WHERE label > ? ORDER BY label LIMIT ?`);
  }

  find(id: string): ImageRow | undefined {
    const row = this.#find.get(id);
    return row === undefined ? undefined : this.#checked(row);
  }

  /** Adds the row, or replaces the one with its label. */
  write(row: ImageRow): void {
    const values = valuesOf(row);
    this.#write.run(...values, rowChecksum(values));
    if (row.perceptualHash === null) this.#deleteHash.run(row.label);
    else this.writeHash(row.label, row.perceptualHash);
  }

  /** Adds or replaces the perceptual hash of an image that is there. */
  writeHash(label: number, perceptualHash: string): void {
    this.#writeHash.run(label, perceptualHash, rowChecksum([label, perceptualHash]));
  }

  hasHash(label: number): boolean {
    return this.#hasHash.get(label) !== undefined;
  }

  delete(label: number): void {
    this.#delete.run(label);
  }

  usesNode(node: number): boolean {
    return this.#usesNode.get(node) !== undefined;
  }

  /** Whether an image whose original is kept has this content. */
  keepsContent(contentHash: string): boolean {
    return this.#keepsContent.get(contentHash) !== undefined;
  }

  keptContentHashes(): string[] {
    return this.values<string>('DISTINCT contentHash', `WHERE ${KEPT}`, []);
  }

  /** Images above a label, in order of label. */
  page(after: number, limit: number): ImageRow[] {
    return this.#page.all(after, limit).map((row) => this.#checked(row));
  }

  /** @param clause follows the images with their hashes: constant SQL, whose values are in `parameters`. */
  select(clause: string, parameters: readonly (string | number)[]): ImageRow[] {
    const statement = this.#db.prepare<(string | number)[], StoredRow>(`${ROWS} ${clause}`);
    return statement.all(...parameters).map((row) => this.#checked(row));
  }

  /** Images of these nodes, node by node in the order asked, each node's by rising id and at most `limitPerNode`. */
  ofNodes(nodes: Uint32Array, { sql, parameters }: SqlCondition, limitPerNode: number): ImageRow[] {
    // one statement for all nodes: a statement a node costs four times as much
    const statement = this.#db.prepare<(string | number)[], StoredRow>(`
      SELECT found.*, perceptualHash, hashChecksum
      FROM json_each(?) AS wanted CROSS JOIN images AS found ON found.label IN (
        SELECT label FROM images WHERE images.node = wanted.value AND ${sql} ORDER BY id LIMIT ?
      ) LEFT JOIN perceptualHashes AS hashes ON hashes.label = found.label ORDER BY wanted.key, found.id`);
    const rows = statement.all(JSON.stringify(Array.from(nodes)), ...parameters, limitPerNode);
    return rows.map((row) => this.#checked(row));
  }

  /** Those of the labels that are there, in no promised order. */
  ofLabels(labels: readonly number[]): ImageRow[] {
    return this.select('WHERE label IN (SELECT value FROM json_each(?))', [JSON.stringify(labels)]);
  }

  /** @returns the values of one column or expression, with a clause as in {@link select}. */
  values<T>(expression: string, clause: string, parameters: readonly (string | number)[]): T[] {
    const statement = this.#db.prepare<(string | number)[], T>(`SELECT ${expression} FROM images ${clause}`).pluck();
    return statement.all(...parameters);
  }

  #checked({ checksum, perceptualHash, hashChecksum, ...row }: StoredRow): ImageRow {
    const isHashSound = perceptualHash === null || rowChecksum([row.label, perceptualHash]) === hashChecksum;
    if (rowChecksum(Object.values(row)) === checksum && isHashSound) return { ...row, perceptualHash };
    throw corrupt(this.#file, `image ${JSON.stringify(row.id)} (label ${row.label}): its checksum does not fit`);
  }
}

const REPLACEABLE = [
  ...['node', 'contentHash', 'width', 'height', 'format', 'bytes', 'metadata', 'source', 'createdAt', 'updatedAt'],
  ...['sequence', 'checksum'],
];

/** Originals of images that were not read from a file are kept by the collection. */
const KEPT = `json_extract(source, '$.kind') <> 'file'`;

/** As {@link KEPT}, of a row. */
export function isKept({ source }: ImageRow): boolean {
  return (JSON.parse(source) as ImageSource).kind !== 'file';
}

function valuesOf(row: ImageRow): (string | number)[] {
  return [
    ...[row.label, row.id, row.node, row.contentHash, row.width, row.height, row.format, row.bytes],
    ...[row.metadata, row.source, row.createdAt, row.updatedAt, row.sequence],
  ];
}

/** @returns the row as everybody outside the store sees it. */
export function toRecord(row: ImageRow): ImageRecord {
  const { id, contentHash, width, height, format, bytes, createdAt, updatedAt, sequence } = row;
  const metadata = JSON.parse(row.metadata) as Metadata;
  const source = JSON.parse(row.source) as ImageSource;
  const hash = row.perceptualHash === null ? {} : { perceptualHash: row.perceptualHash };
  return { id, contentHash, width, height, format, bytes, ...hash, metadata, source, createdAt, updatedAt, sequence };
}
