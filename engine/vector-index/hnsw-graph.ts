import type { HierarchicalNSW } from 'hnswlib-node';
import { hnswLibrary } from './hnsw-library.js';

const FIRST_CAPACITY = 1024;
/** Fixed, so that the same nodes in the same order make the same graph. */
const LEVEL_SEED = 100;

export interface GraphParameters {
  dimension: number;
  M: number;
  efConstruction: number;
}

/**
 * The navigable small world graph (Malkov & Yashunin 2016) as hnswlib builds it, with the library's traps kept inside:
 * it takes plain arrays only, has a fixed capacity, forgets ef on load, throws for a k above its capacity, revives a
 * label that is added again, and must not be changed while {@link write} runs. Labels are nodes.
 *
 * Vectors must be unit vectors (the caller checks) and nodes must be new; identical vectors never prune each other, so
 * the caller keeps one node per distinct vector.
 */
export class HnswGraph {
  readonly #graph: HierarchicalNSW;
  /** The library reads plain arrays only; one is enough, since it copies. */
  readonly #point: number[];
  #count: number;
  #isWriting = false;

  private constructor(graph: HierarchicalNSW, dimension: number, count: number) {
    this.#graph = graph;
    this.#point = new Array<number>(dimension).fill(0);
    this.#count = count;
  }

  static create({ dimension, M, efConstruction }: GraphParameters): HnswGraph {
    const graph = newLibraryGraph(dimension);
    graph.initIndex(FIRST_CAPACITY, M, efConstruction, LEVEL_SEED);
    return new HnswGraph(graph, dimension, 0);
  }

  /** @param path a file that was checked (see generation.ts): the library trusts it, and a wrong one is a crash. */
  static load(path: string, dimension: number): HnswGraph {
    const graph = newLibraryGraph(dimension);
    graph.readIndexSync(path);
    return new HnswGraph(graph, dimension, graph.getCurrentCount());
  }

  /** Nodes in the graph, those marked as deleted included. */
  get count(): number {
    return this.#count;
  }

  /** Links a new node in; costs about a search with efConstruction. @param vector [dimension], of length 1. */
  add(node: number, vector: Float32Array): void {
    this.#assertNotWriting();
    if (this.#count === this.#graph.getMaxElements())
      this.#graph.resizeIndex(Math.max(FIRST_CAPACITY, 2 * this.#count));
    this.#graph.addPoint(this.#fillPoint(vector), node);
    this.#count++;
  }

  /** Hides a node from searches; it stays in the graph as a way to others. */
  markDeleted(node: number): void {
    this.#assertNotWriting();
    this.#graph.markDelete(node);
  }

  /** @returns about the k nearest nodes that are not marked, in no promised order; now and then fewer than there are. */
  search(query: Float32Array, k: number, ef: number): number[] {
    const wanted = Math.min(k, this.#count);
    if (wanted === 0) return [];
    // the library raises ef to k, but forgets it on load
    this.#graph.setEf(ef);
    return this.#graph.searchKnn(this.#fillPoint(query), wanted).neighbors;
  }

  /** Writes the graph to a file, on another thread. The library reports no failed write: check the file. */
  async write(path: string): Promise<void> {
    this.#assertNotWriting();
    this.#isWriting = true;
    try {
      await this.#graph.writeIndex(path);
    } finally {
      this.#isWriting = false;
    }
  }

  #fillPoint(vector: Float32Array): number[] {
    for (let i = 0; i < vector.length; i++) this.#point[i] = vector[i]!;
    return this.#point;
  }

  #assertNotWriting(): void {
    if (this.#isWriting) throw new Error('expected no change of the graph while it is being written');
  }
}

function newLibraryGraph(dimension: number): HierarchicalNSW {
  return new (hnswLibrary().HierarchicalNSW)('ip', dimension);
}
