const PAGE_BITS = 12;
const PAGE_SIZE = 1 << PAGE_BITS;

/** A node that was never put. */
export const UNKNOWN = -1;
/** A node that was put and deleted; its id does not come back. */
export const DELETED = -2;

/**
 * node -> row, in pages of 4096 nodes that are made when first touched: 4 bytes a node for ids that rise one by one,
 * where a Map costs about 40, and no harm from a gap between ids.
 */
export class NodeRows {
  readonly #pages = new Map<number, Int32Array>();

  /** @returns the row of the node, {@link UNKNOWN} or {@link DELETED}. */
  get(node: number): number {
    return this.#pages.get(node >>> PAGE_BITS)?.[node & (PAGE_SIZE - 1)] ?? UNKNOWN;
  }

  set(node: number, row: number): void {
    const key = node >>> PAGE_BITS;
    let page = this.#pages.get(key);
    if (page === undefined) {
      page = new Int32Array(PAGE_SIZE).fill(UNKNOWN);
      this.#pages.set(key, page);
    }
    page[node & (PAGE_SIZE - 1)] = row;
  }

  get bytes(): number {
    return this.#pages.size * PAGE_SIZE * Int32Array.BYTES_PER_ELEMENT;
  }
}
