import type { IndexConfig } from '../types.js';

/** Nodes by falling similarity (ties by rising node). similarities are cosines, since descriptors have length 1. */
export interface Neighbours {
  nodes: Uint32Array;
  similarities: Float32Array;
}

/** How a node search ran: through the graph or by codes (what has none yet is scanned), or over every vector. */
export type NodeSearchPlan = IndexConfig['kind'];

/** Changes of one or more commits, in commit order. A node is put once and deleted at most once; ids are never reused. */
export interface NodeChanges {
  /** Sequence of the last commit in these changes. */
  sequence: number;
  putNodes: Uint32Array;
  /** [putNodes.length, dimension] row-major, each row of length 1. */
  putVectors: Float32Array;
  /** Applied after the puts. */
  deletedNodes: Uint32Array;
}

export interface IndexStats {
  kind: IndexConfig['kind'];
  dimension: number;
  /** Nodes that a search can return. */
  live: number;
  /** Deleted nodes that the graph still holds. */
  tombstones: number;
  /** Nodes waiting to enter the graph or to be coded; scanned exactly meanwhile. */
  pending: number;
  /** Sequence up to which commits are visible to searches. */
  sequence: number;
  /** Sequence of the newest saved generation, or 0. */
  generationSequence: number;
  /** Bytes held by vectors, graph and codes, estimated from the layout. */
  memoryBytes: number;
}

/**
 * Nearest neighbours over unit vectors named by integer nodes. Derived from the store; can always be rebuilt.
 * The work is done by exact-index.ts, hnsw-index.ts or sign-index.ts; local-index.ts offers each in this thread,
 * index-client.ts in a worker thread of its own.
 */
export interface VectorIndex {
  /**
   * Makes the changes visible to searches at once, all or none. Idempotent: known nodes and unknown deletions are passed
   * over. Takes over changes.putVectors: it may move to another thread.
   * @throws `dimension_mismatch`, or `invalid_descriptor` for a row that is not finite and of length 1.
   */
  apply(changes: NodeChanges): Promise<void>;
  /**
   * The k nearest live nodes (fewer only if fewer are live).
   * @param ef candidates of the graph search or by code, raised to k; ignored by exact plans.
   * @throws `dimension_mismatch`, `invalid_descriptor`, or `invalid_request` for a k or ef that is no count.
   */
  search(
    query: Float32Array,
    k: number,
    options?: { ef?: number; exact?: boolean },
  ): Promise<Neighbours & { plan: NodeSearchPlan }>;
  /** The k nearest of the given nodes, by exact scan; nodes that are not live are passed over. */
  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Promise<Neighbours>;
  stats(): Promise<IndexStats>;
  close(): Promise<void>;
}
