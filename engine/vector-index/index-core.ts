import type { IndexStats, Neighbours, NodeChanges, NodeSearchPlan } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

export interface NodeSearchOptions {
  ef?: number;
  exact?: boolean;
}

/** What a core knows of itself; the newest generation is known to its owner. */
export type CoreStats = Omit<IndexStats, 'generationSequence'>;

/** The graph's part of a snapshot. */
export interface GraphSnapshot {
  /** Nodes in the graph, deleted ones included. */
  count: number;
  /** Deleted nodes that the graph still holds. */
  tombstones: Uint32Array;
  /** Writes the graph's file; its size and content are for the caller to check. */
  write(path: string): Promise<void>;
}

/** A core at one moment, as a generation stores it. */
export interface IndexSnapshot {
  sequence: number;
  table: VectorTable;
  /** The live rows of the table; rows that are in the graph come before those that are not. */
  liveRows: Uint32Array;
  /** Absent while no node is in a graph. */
  graph?: GraphSnapshot;
}

/**
 * An index without a thread: the synchronous inside of the {@link VectorIndex} port, with the same meanings and errors.
 * local-index.ts puts the port around it.
 */
export interface IndexCore {
  apply(changes: NodeChanges): void;
  search(query: Float32Array, k: number, options?: NodeSearchOptions): Neighbours & { plan: NodeSearchPlan };
  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Neighbours;
  stats(): CoreStats;
  /** Does background work for about budgetMs. @returns whether there is more that can be done now. */
  step(budgetMs: number): boolean;
  /** Takes a snapshot that stays true until {@link thaw}; changes and searches go on, background work waits. */
  freeze(): IndexSnapshot;
  thaw(): void;
}
