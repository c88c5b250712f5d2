import type { Neighbours } from './vector-index.js';

/**
 * The k best of a stream of (similarity, node): a binary heap with the worst kept one on top, so that a candidate that
 * is not good enough costs one comparison. Order is falling similarity (rounded to float32), then rising node.
 */
export class TopK {
  readonly #k: number;
  readonly #similarities: Float32Array;
  readonly #nodes: Uint32Array;
  #size = 0;

  /** @param k how many to keep; may be 0. */
  constructor(k: number) {
    this.#k = k;
    this.#similarities = new Float32Array(k);
    this.#nodes = new Uint32Array(k);
  }

  get size(): number {
    return this.#size;
  }

  /** Considers one candidate. Cosines that rounding carried past 1 or -1 are put back. */
  offer(similarity: number, node: number): void {
    const rounded = Math.max(-1, Math.min(1, Math.fround(similarity)));
    if (this.#size < this.#k) this.#siftUp(this.#size++, rounded, node);
    else if (this.#k > 0 && isBetter(rounded, node, this.#similarities[0]!, this.#nodes[0]!)) {
      this.#siftDown(rounded, node);
    }
  }

  /** Empties the heap. @returns what was kept, best first. */
  take(): Neighbours {
    const nodes = new Uint32Array(this.#size);
    const similarities = new Float32Array(this.#size);
    while (this.#size > 0) {
      const last = --this.#size;
      nodes[last] = this.#nodes[0]!;
      similarities[last] = this.#similarities[0]!;
      this.#siftDown(this.#similarities[last]!, this.#nodes[last]!);
    }
    return { nodes, similarities };
  }

  #siftUp(start: number, similarity: number, node: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBetter(this.#similarities[parent]!, this.#nodes[parent]!, similarity, node)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, similarity, node);
  }

  #siftDown(similarity: number, node: number): void {
    let at = 0;
    for (;;) {
      const child = this.#worseChild(at);
      if (child >= this.#size || !isBetter(similarity, node, this.#similarities[child]!, this.#nodes[child]!)) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, similarity, node);
  }

  #worseChild(at: number): number {
    const left = 2 * at + 1;
    const right = left + 1;
    if (right >= this.#size) return left;
    const [a, b] = [this.#similarities, this.#nodes];
    return isBetter(a[left]!, b[left]!, a[right]!, b[right]!) ? right : left;
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#similarities[from]!, this.#nodes[from]!);
  }

  #set(at: number, similarity: number, node: number): void {
    this.#similarities[at] = similarity;
    this.#nodes[at] = node;
  }
}

function isBetter(similarityA: number, nodeA: number, similarityB: number, nodeB: number): boolean {
  return similarityA > similarityB || (similarityA === similarityB && nodeA < nodeB);
}
