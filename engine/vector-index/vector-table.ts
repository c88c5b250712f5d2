import { DELETED, NodeRows, UNKNOWN } from './node-rows.js';

/** Rows in one block: growth adds a block and copies nothing. */
const BLOCK_ROWS = 1024;

/**
 * Every vector of an index, flat. A row is written once, in the order in which nodes were put, and never overwritten;
 * deleting a node only clears its row's live flag (the slot comes back with the next rebuild).
 */
export class VectorTable {
  readonly dimension: number;
  readonly #rowOfNode = new NodeRows();
  /** Each [BLOCK_ROWS, dimension]. */
  readonly #blocks: Float32Array[] = [];
  #nodeOfRow = new Uint32Array(BLOCK_ROWS);
  #isLive = new Uint8Array(BLOCK_ROWS);
  #rows = 0;
  #live = 0;

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  /** Rows written so far, deleted ones included. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows whose nodes are not deleted. */
  get live(): number {
    return this.#live;
  }

  get bytes(): number {
    const blocks = this.#blocks.length * BLOCK_ROWS * this.dimension * Float32Array.BYTES_PER_ELEMENT;
    return blocks + this.#nodeOfRow.byteLength + this.#isLive.byteLength + this.#rowOfNode.bytes;
  }

  /** @returns whether the node was ever put, even if it is deleted by now. */
  knows(node: number): boolean {
    return this.#rowOfNode.get(node) !== UNKNOWN;
  }

  /** @returns the row of a live node, or a negative number. */
  liveRowOf(node: number): number {
    return this.#rowOfNode.get(node);
  }

  nodeOf(row: number): number {
    return this.#nodeOfRow[row]!;
  }

  isLive(row: number): boolean {
    return this.#isLive[row] === 1;
  }

  /** Appends a node that is not known yet. @param vector [dimension]. @returns its row. */
  add(node: number, vector: Float32Array): number {
    const row = this.#rows++;
    if (row === this.#nodeOfRow.length) this.#doubleRowArrays();
    if (row === this.#blocks.length * BLOCK_ROWS) this.#blocks.push(new Float32Array(BLOCK_ROWS * this.dimension));
    this.vector(row).set(vector);
    this.#nodeOfRow[row] = node;
    this.#isLive[row] = 1;
    this.#rowOfNode.set(node, row);
    this.#live++;
    return row;
  }

  /** @returns the row that the node had, or a negative number if it was not live. */
  delete(node: number): number {
    const row = this.#rowOfNode.get(node);
    if (row < 0) return row;
    this.#isLive[row] = 0;
    this.#rowOfNode.set(node, DELETED);
    this.#live--;
    return row;
  }

  /** Remembers a node that was deleted before this table was filled, so that it cannot be put again. */
  markDeleted(node: number): void {
    this.#rowOfNode.set(node, DELETED);
  }

  /** @returns a view of the row, [dimension]; not to be written to. */
  vector(row: number): Float32Array {
    const start = (row % BLOCK_ROWS) * this.dimension;
    return this.#blocks[Math.floor(row / BLOCK_ROWS)]!.subarray(start, start + this.dimension);
  }

  /** @returns the block that holds the row, the row's offset in it, and the row after the block's last. */
  locate(row: number): { block: Float32Array; offset: number; endRow: number } {
    const index = Math.floor(row / BLOCK_ROWS);
    const block = this.#blocks[index]!;
    return {
      block,
      offset: (row % BLOCK_ROWS) * this.dimension,
      endRow: Math.min((index + 1) * BLOCK_ROWS, this.#rows),
    };
  }

  /** @returns the live rows, rising. */
  liveRows(): Uint32Array {
    const rows = new Uint32Array(this.#live);
    let count = 0;
    for (let row = 0; row < this.#rows; row++) if (this.isLive(row)) rows[count++] = row;
    return rows;
  }

  #doubleRowArrays(): void {
    const nodeOfRow = new Uint32Array(2 * this.#nodeOfRow.length);
    nodeOfRow.set(this.#nodeOfRow);
    this.#nodeOfRow = nodeOfRow;
    const isLive = new Uint8Array(2 * this.#isLive.length);
    isLive.set(this.#isLive);
    this.#isLive = isLive;
  }
}
