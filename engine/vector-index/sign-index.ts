import type { IndexConfig } from '../types.js';
import { hammingDistance } from './codes/hamming.js';
import { SignEncoder } from './codes/sign-encoder.js';
import { scanAll, scanAmong, scanRows, similarityOf } from './exact-scan.js';
import type { CoreStats, IndexCore, IndexSnapshot, NodeSearchOptions } from './index-core.js';
import { applyToTable, assertSearch } from './node-changes.js';
import { TopK } from './top-k.js';
import type { Neighbours, NodeChanges, NodeSearchPlan } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

/** Candidates by code for each wanted node, at least. */
const CANDIDATES_PER_NODE = 10;
/** Vectors that the centre is the mean of, at most. */
const CENTRE_ROWS = 4096;

/**
 * A scan of sign codes, its best candidates re-scored in float: a code is a thirty-second of its vector, so it takes a
 * fraction of the exact scan's time, and unlike a graph it is made in no time and holds no deleted node. Codes are not
 * saved: {@link step} makes them from the table, and rows without one are scanned exactly and merged in. Each time the
 * table has doubled, it starts over with a new centre.
 */
export class SignIndex implements IndexCore {
  readonly #config: IndexConfig;
  readonly #table: VectorTable;
  #sequence: number;
  #encoder: SignEncoder;
  /** [capacity, words], by row of the table. */
  #codes = new Uint32Array();
  /** Rows up to which there is room for codes. */
  #capacity = 0;
  /** Rows below this have their codes, or were deleted before. */
  #codedRows = 0;
  /** Live nodes with codes. */
  #codedLive = 0;

  /** @param state an empty table, or that of a generation which holds the commits up to sequence. */
  constructor(config: IndexConfig, { table, sequence }: { table: VectorTable; sequence: number }) {
    this.#config = config;
    this.#table = table;
    this.#sequence = sequence;
    this.#encoder = new SignEncoder(new Float32Array(table.dimension));
  }

  apply(changes: NodeChanges): void {
    applyToTable(this.#table, changes, (row) => {
      if (row < this.#codedRows) this.#codedLive--;
    });
    this.#sequence = Math.max(this.#sequence, changes.sequence);
  }

  search(query: Float32Array, k: number, options: NodeSearchOptions = {}): Neighbours & { plan: NodeSearchPlan } {
    assertSearch(query, this.#table.dimension, k, options.ef);
    const isWorthwhile = this.#table.live >= this.#config.exactBelow && this.#codedLive > 0;
    if (options.exact === true || !isWorthwhile) return { ...scanAll(this.#table, query, k), plan: 'exact' };
    const wanted = Math.min(k, this.#table.live);
    const candidates = Math.max(options.ef ?? this.#config.efSearch, CANDIDATES_PER_NODE * wanted);
    const best = new TopK(wanted);
    for (const row of this.#nearestByCode(query, candidates)) {
      best.offer(similarityOf(this.#table, query, row), this.#table.nodeOf(row));
    }
    scanRows(this.#table, query, this.#codedRows, this.#table.rows, best);
    return { ...best.take(), plan: 'sign' };
  }

  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Neighbours {
    assertSearch(query, this.#table.dimension, k);
    return scanAmong(this.#table, query, nodes, k);
  }

  stats(): CoreStats {
    const { dimension, live, bytes } = this.#table;
    return {
      kind: 'sign',
      dimension,
      live,
      tombstones: 0,
      pending: live - this.#codedLive,
      sequence: this.#sequence,
      memoryBytes: bytes + this.#codes.byteLength,
    };
  }

  /** Codes waiting rows, at least one. */
  step(budgetMs: number): boolean {
    const end = performance.now() + budgetMs;
    if (this.#table.rows > this.#capacity) this.#startOver();
    while (this.#codedRows < this.#table.rows) {
      const row = this.#codedRows++;
      if (!this.#table.isLive(row)) continue;
      this.#encoder.encode(this.#table.vector(row), this.#codes, row * this.#encoder.words);
      this.#codedLive++;
      if (performance.now() >= end) break;
    }
    return this.#codedRows < this.#table.rows;
  }

  freeze(): IndexSnapshot {
    return { sequence: this.#sequence, table: this.#table, liveRows: this.#table.liveRows() };
  }

  thaw(): void {
    // rows are never overwritten and codes are not saved, so a snapshot holds nothing up
  }

  #startOver(): void {
    this.#encoder = new SignEncoder(centreOf(this.#table));
    this.#capacity = 2 * this.#table.rows;
    this.#codes = new Uint32Array(this.#capacity * this.#encoder.words);
    this.#codedRows = 0;
    this.#codedLive = 0;
  }

  /** @returns the live rows whose codes are nearest to the query's, best first. */
  #nearestByCode(query: Float32Array, count: number): Uint32Array {
    const { words } = this.#encoder;
    const code = new Uint32Array(words);
    this.#encoder.encode(query, code, 0);
    const best = new TopK(Math.min(count, this.#codedLive));
    const perBit = 1 / (32 * words);
    for (let row = 0, at = 0; row < this.#codedRows; row++, at += words) {
      if (this.#table.isLive(row)) best.offer(-hammingDistance(code, this.#codes, at) * perBit, row);
    }
    return best.take().nodes;
  }
}

/** @returns the mean of the live vectors, or of some of them, evenly spread; zero if there are none. */
function centreOf(table: VectorTable): Float32Array {
  const rows = table.liveRows();
  const every = Math.max(1, Math.floor(rows.length / CENTRE_ROWS));
  const centre = new Float32Array(table.dimension);
  let count = 0;
  for (let at = 0; at < rows.length; at += every, count++) {
    table.vector(rows[at]!).forEach((value, i) => (centre[i]! += value));
  }
  return centre.map((sum) => sum / Math.max(1, count));
}
