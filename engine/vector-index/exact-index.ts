import { scanAll, scanAmong } from './exact-scan.js';
import type { CoreStats, IndexCore, IndexSnapshot, NodeSearchOptions } from './index-core.js';
import { applyToTable, assertSearch } from './node-changes.js';
import type { Neighbours, NodeChanges, NodeSearchPlan } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

/** Nearest neighbours by a scan of every vector: always right, and the oracle that the graph is measured against. */
export class ExactIndex implements IndexCore {
  readonly #table: VectorTable;
  #sequence: number;

  /** @param table an empty one, or that of a generation which holds the commits up to sequence. */
  constructor(table: VectorTable, sequence = 0) {
    this.#table = table;
    this.#sequence = sequence;
  }

  apply(changes: NodeChanges): void {
    applyToTable(this.#table, changes, () => undefined);
    this.#sequence = Math.max(this.#sequence, changes.sequence);
  }

  search(query: Float32Array, k: number, options: NodeSearchOptions = {}): Neighbours & { plan: NodeSearchPlan } {
    assertSearch(query, this.#table.dimension, k, options.ef);
    return { ...scanAll(this.#table, query, k), plan: 'exact' };
  }

  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Neighbours {
    assertSearch(query, this.#table.dimension, k);
    return scanAmong(this.#table, query, nodes, k);
  }

  stats(): CoreStats {
    return {
      kind: 'exact',
      dimension: this.#table.dimension,
      live: this.#table.live,
      tombstones: 0,
      pending: 0,
      sequence: this.#sequence,
      memoryBytes: this.#table.bytes,
    };
  }

  step(): boolean {
    return false;
  }

  freeze(): IndexSnapshot {
    return { sequence: this.#sequence, table: this.#table, liveRows: this.#table.liveRows() };
  }

  thaw(): void {
    // rows are never overwritten, so a snapshot holds nothing up
  }
}
