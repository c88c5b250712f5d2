import type { IndexConfig } from '../types.js';
import { scanAll, scanAmong, scanRows, similarityOf } from './exact-scan.js';
import { graphMemoryBytes } from './graph-layout.js';
import { HnswGraph } from './hnsw-graph.js';
import type { CoreStats, IndexCore, IndexSnapshot, NodeSearchOptions } from './index-core.js';
import { applyToTable, assertSearch } from './node-changes.js';
import { TopK } from './top-k.js';
import type { Neighbours, NodeChanges, NodeSearchPlan } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

/** What a loaded generation brings: the first graphRows rows of the table are in the graph, and so are the tombstones. */
export interface HnswState {
  table: VectorTable;
  sequence: number;
  graph?: HnswGraph;
  graphRows?: number;
  tombstones?: Uint32Array;
}

/**
 * A graph over the vectors of a table. A row is visible as soon as it is in the table: rows that the graph does not hold
 * yet are scanned exactly and merged in. {@link step} moves them into the graph, in the order of rows, so that one
 * number says how far it has come.
 */
export class HnswIndex implements IndexCore {
  readonly #config: IndexConfig;
  readonly #table: VectorTable;
  readonly #graph: HnswGraph;
  /** Rows below this are in the graph, or were deleted before they could enter it. */
  #graphRows: number;
  /** Live nodes in the graph. */
  #graphLive: number;
  /** Deleted nodes that the graph holds. */
  readonly #tombstones: number[];
  /** How many of the last tombstones the graph has not been told of, because it was frozen. */
  #unmarked = 0;
  #isFrozen = false;
  #sequence: number;

  /** @param state an empty table, or what a generation brought. */
  constructor(config: IndexConfig, state: HnswState) {
    this.#config = config;
    this.#table = state.table;
    this.#sequence = state.sequence;
    this.#graph = state.graph ?? HnswGraph.create({ ...config, dimension: state.table.dimension });
    this.#graphRows = state.graphRows ?? 0;
    this.#graphLive = this.#graphRows;
    this.#tombstones = [...(state.tombstones ?? [])];
  }

  apply(changes: NodeChanges): void {
    applyToTable(this.#table, changes, (row, node) => this.#forget(row, node));
    this.#sequence = Math.max(this.#sequence, changes.sequence);
  }

  search(query: Float32Array, k: number, options: NodeSearchOptions = {}): Neighbours & { plan: NodeSearchPlan } {
    assertSearch(query, this.#table.dimension, k, options.ef);
    if (options.exact !== true && this.#isGraphWorthwhile()) {
      const found = this.#searchGraph(query, Math.min(k, this.#table.live), options.ef ?? this.#config.efSearch);
      if (found !== undefined) return { ...found, plan: 'hnsw' };
    }
    return { ...scanAll(this.#table, query, k), plan: 'exact' };
  }

  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Neighbours {
    assertSearch(query, this.#table.dimension, k);
    return scanAmong(this.#table, query, nodes, k);
  }

  stats(): CoreStats {
    const { dimension, live, bytes } = this.#table;
    return {
      kind: 'hnsw',
      dimension,
      live,
      tombstones: this.#tombstones.length,
      pending: live - this.#graphLive,
      sequence: this.#sequence,
      memoryBytes: bytes + graphMemoryBytes({ count: this.#graph.count, dimension, M: this.#config.M }),
    };
  }

  /** Moves waiting rows into the graph, at least one. */
  step(budgetMs: number): boolean {
    const end = performance.now() + budgetMs;
    while (!this.#isFrozen && this.#graphRows < this.#table.rows) {
      const row = this.#graphRows++;
      if (!this.#table.isLive(row)) continue;
      this.#graph.add(this.#table.nodeOf(row), this.#table.vector(row));
      this.#graphLive++;
      if (performance.now() >= end) break;
    }
    return !this.#isFrozen && this.#graphRows < this.#table.rows;
  }

  freeze(): IndexSnapshot {
    this.#isFrozen = true;
    const snapshot = { sequence: this.#sequence, table: this.#table, liveRows: this.#table.liveRows() };
    if (this.#graph.count === 0) return snapshot;
    const tombstones = Uint32Array.from(this.#tombstones);
    return {
      ...snapshot,
      graph: { count: this.#graph.count, tombstones, write: (path) => this.#graph.write(path) },
    };
  }

  thaw(): void {
    this.#isFrozen = false;
    const unmarked = this.#unmarked;
    this.#unmarked = 0;
    if (unmarked > 0) for (const node of this.#tombstones.slice(-unmarked)) this.#graph.markDeleted(node);
  }

  #forget(row: number, node: number): void {
    if (row >= this.#graphRows) return;
    this.#graphLive--;
    this.#tombstones.push(node);
    if (this.#isFrozen) this.#unmarked++;
    else this.#graph.markDeleted(node);
  }

  #isGraphWorthwhile(): boolean {
    const { live } = this.#table;
    return live >= this.#config.exactBelow && this.#graphLive > 0 && 2 * this.#graphLive >= live;
  }

  /** @returns undefined if the graph gave fewer nodes than it holds, so that only a scan can keep the promise of k. */
  #searchGraph(query: Float32Array, k: number, ef: number): Neighbours | undefined {
    const best = new TopK(k);
    const wanted = Math.min(k, this.#graphLive);
    // nodes deleted while the graph was frozen are still found; fetch as many more, within reason
    const fetched = this.#graph.search(query, wanted + Math.min(this.#unmarked, wanted + 100), ef);
    let found = 0;
    for (const node of fetched) {
      const row = this.#table.liveRowOf(node);
      if (row < 0) continue;
      best.offer(similarityOf(this.#table, query, row), node);
      found++;
    }
    if (found < wanted) return undefined;
    scanRows(this.#table, query, this.#graphRows, this.#table.rows, best);
    return best.take();
  }
}
