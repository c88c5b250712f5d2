import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { LikenessError } from '../errors.js';
import type { Json } from '../types.js';
import { bytesOf, rowChecksum } from './checksums.js';
import type { Feedback, LoggedPart, LoggedQuery, QueryLogOptions, ReplacedLog } from './query-log.js';
import { QUERY_LOG_KIND } from './query-log-schema.js';
import { createSqliteFile, openSqliteFile, putAside } from './sqlite-file.js';
import { guarded } from './store-errors.js';

/** Queries kept at most, about 200 MiB of 256-d ones: beyond this the oldest go before their time. */
const MAX_QUERIES = 100_000;

interface QueryRow {
  id: string;
  createdAtMs: number;
  fingerprint: string;
  parts: string;
  vectors: Buffer;
  options: string;
  checksum: number;
}

interface FeedbackRow {
  sequence: number;
  id: string;
  createdAtMs: number;
  queryId: string;
  fingerprint: string;
  parts: string;
  vectors: Buffer;
  shown: string;
  clicked: string;
  checksum: number;
}

/** What {@link SqliteQueryLog.feedbackPage} gives. */
export interface FeedbackPage {
  feedback: Feedback[];
  /** Rows of the page that are damaged and were passed over. */
  damaged: number;
  /** What to pass as `after` for the page that follows; absent on the last page. */
  next?: number;
}

/** The searches of one collection of late, and all feedback on them; synchronous, what its worker thread runs. */
export class SqliteQueryLog {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #retentionMs: number;

  /** @throws `store_corrupt`, `store_too_new`, `disk_full` */
  constructor({ file, retentionMs }: QueryLogOptions) {
    this.#file = file;
    this.#retentionMs = retentionMs;
    if (!existsSync(file)) createSqliteFile(file, QUERY_LOG_KIND, () => undefined);
    this.#db = openSqliteFile(file, QUERY_LOG_KIND);
  }

  /** Adds queries in one transaction, and forgets those whose time is over at `nowMs`. */
  addQueries(queries: readonly LoggedQuery[], nowMs: number): void {
    const insert = `INSERT INTO queries (id, createdAtMs, fingerprint, parts, vectors, options, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?)`;
    this.#transaction(() => {
      for (const query of queries) this.#insert(insert, queryValues(query));
      this.#db.prepare('DELETE FROM queries WHERE createdAtMs < ?').run(nowMs - this.#retentionMs);
      this.#db
        .prepare('DELETE FROM queries WHERE sequence <= (SELECT max(sequence) FROM queries) - ?')
        .run(MAX_QUERIES);
    });
  }

  /** @returns the query, or undefined if it is unknown, its time is over at `nowMs`, or its row is damaged. */
  query(id: string, nowMs: number): LoggedQuery | undefined {
    const select = this.#db.prepare<[string], QueryRow & { sequence: number }>('SELECT * FROM queries WHERE id = ?');
    const row = guarded(this.#file, () => select.get(id));
    if (row === undefined || row.createdAtMs < nowMs - this.#retentionMs) return undefined;
    const { fingerprint, createdAtMs, parts, vectors, options } = row;
    if (checksumOf([row.id, createdAtMs, fingerprint, parts, vectors, options]) !== row.checksum) return undefined;
    return { id, createdAtMs, fingerprint, parts: unpack(parts, vectors), options: JSON.parse(options) as Json };
  }

  /** Durable when it returns. */
  addFeedback(feedback: Feedback): void {
    const insert = `INSERT INTO feedback
      (id, createdAtMs, queryId, fingerprint, parts, vectors, shown, clicked, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#transaction(() => this.#insert(insert, feedbackValues(feedback)));
  }

  /** Feedback in the order in which it came; `after` is 0, then the `next` of the page before. */
  feedbackPage(after: number, limit: number): FeedbackPage {
    const select = this.#db.prepare<[number, number], FeedbackRow>(
      'SELECT * FROM feedback WHERE sequence > ? ORDER BY sequence LIMIT ?',
    );
    const rows = guarded(this.#file, () => select.all(after, limit));
    const sound = rows.filter(isSound);
    const page = { feedback: sound.map(toFeedback), damaged: rows.length - sound.length };
    return rows.length < limit ? page : { ...page, next: rows.at(-1)!.sequence };
  }

  close(): void {
    this.#db.close();
  }

  #insert(sql: string, values: readonly (string | number | Buffer)[]): void {
    this.#db.prepare(sql).run(...values, checksumOf(values));
  }

  #transaction(work: () => void): void {
    guarded(this.#file, () => this.#db.transaction(work).immediate());
  }
}

/**
 * Opens the log; a damaged one is put aside and made anew, since it is not the truth of anything stored.
 * @throws `store_too_new`, `disk_full`
 */
export function openQueryLog(options: QueryLogOptions): { log: SqliteQueryLog; replaced?: ReplacedLog } {
  try {
    return { log: new SqliteQueryLog(options) };
  } catch (error) {
    if (!(error instanceof LikenessError) || error.code !== 'store_corrupt') throw error;
    const replaced = { reason: error.message, aside: putAside(options.file) };
    return { log: new SqliteQueryLog(options), replaced };
  }
}

function queryValues(query: LoggedQuery): (string | number | Buffer)[] {
  const { id, createdAtMs, fingerprint, parts, options } = query;
  return [id, createdAtMs, fingerprint, ...packed(parts), JSON.stringify(options)];
}

function feedbackValues(feedback: Feedback): (string | number | Buffer)[] {
  const { id, createdAtMs, queryId, fingerprint, parts, shown, clicked } = feedback;
  return [id, createdAtMs, queryId, fingerprint, ...packed(parts), JSON.stringify(shown), JSON.stringify(clicked)];
}

function isSound(row: FeedbackRow): boolean {
  const { id, createdAtMs, queryId, fingerprint, parts, vectors, shown, clicked } = row;
  return checksumOf([id, createdAtMs, queryId, fingerprint, parts, vectors, shown, clicked]) === row.checksum;
}

function toFeedback(row: FeedbackRow): Feedback {
  const { id, createdAtMs, queryId, fingerprint } = row;
  const [shown, clicked] = [JSON.parse(row.shown) as string[], JSON.parse(row.clicked) as string[]];
  return { id, createdAtMs, queryId, fingerprint, parts: unpack(row.parts, row.vectors), shown, clicked };
}

/** @returns the facts as JSON text, and the vectors [parts, D] as bytes. */
function packed(parts: readonly LoggedPart[]): [string, Buffer] {
  return [JSON.stringify(parts.map(({ facts }) => facts)), Buffer.concat(parts.map(({ vector }) => bytesOf(vector)))];
}

function unpack(factsText: string, vectors: Buffer): LoggedPart[] {
  const facts = JSON.parse(factsText) as Json[];
  // a Buffer may lie anywhere in its slab, floats only at multiples of 4
  const values = new Float32Array(Uint8Array.from(vectors).buffer);
  const dimension = values.length / facts.length;
  return facts.map((fact, i) => ({ facts: fact, vector: values.slice(i * dimension, (i + 1) * dimension) }));
}

/** CRC-32 of a row: of its bytes, carried on over its other values. */
function checksumOf(values: readonly (string | number | Buffer)[]): number {
  const plain = values.map((value) => (Buffer.isBuffer(value) ? value.length : value));
  // zlib forgets the sum so far at an empty buffer, if that points nowhere: a search by words alone has no vectors
  const filled = values.filter((value) => Buffer.isBuffer(value) && value.length > 0) as Buffer[];
  return filled.reduce((sum, bytes) => crc32(bytes, sum), rowChecksum(plain));
}
