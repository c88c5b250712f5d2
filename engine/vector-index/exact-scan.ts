import { TopK } from './top-k.js';
import type { Neighbours } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

/**
 * Inner product of a query with one row of a block; for unit vectors the cosine. Sums in double precision, always in the
 * same order, so that every plan gives a pair the same similarity to the last bit.
 * @param query [dimension]. @param block row-major. @param offset where the row starts in the block.
 */
export function dot(query: Float32Array, block: Float32Array, offset: number): number {
  const length = query.length;
  const unrolled = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (let at = offset; i < unrolled; i += 4, at += 4) {
    a += query[i]! * block[at]!;
    b += query[i + 1]! * block[at + 1]!;
    c += query[i + 2]! * block[at + 2]!;
    d += query[i + 3]! * block[at + 3]!;
  }
  for (; i < length; i++) a += query[i]! * block[offset + i]!;
  return a + b + (c + d);
}

/** Offers every live row of [fromRow, toRow) to best. */
export function scanRows(table: VectorTable, query: Float32Array, fromRow: number, toRow: number, best: TopK): void {
  for (let row = fromRow; row < toRow;) {
    const { block, offset, endRow } = table.locate(row);
    const end = Math.min(endRow, toRow);
    for (let at = offset; row < end; row++, at += table.dimension) {
      if (table.isLive(row)) best.offer(dot(query, block, at), table.nodeOf(row));
    }
  }
}

/** @returns the k nearest live nodes of the whole table. */
export function scanAll(table: VectorTable, query: Float32Array, k: number): Neighbours {
  const best = new TopK(Math.min(k, table.live));
  scanRows(table, query, 0, table.rows, best);
  return best.take();
}

/** @returns the k nearest of the given nodes; those that are not live are passed over, a repeated one counts once. */
export function scanAmong(table: VectorTable, query: Float32Array, nodes: Uint32Array, k: number): Neighbours {
  const best = new TopK(Math.min(k, nodes.length, table.live));
  for (const node of distinct(nodes)) {
    const row = table.liveRowOf(node);
    if (row >= 0) best.offer(similarityOf(table, query, row), node);
  }
  return best.take();
}

/** @returns the cosine of the query with one row of the table. */
export function similarityOf(table: VectorTable, query: Float32Array, row: number): number {
  const { block, offset } = table.locate(row);
  return dot(query, block, offset);
}

function distinct(nodes: Uint32Array): Uint32Array {
  const isRising = nodes.every((node, i) => i === 0 || node > nodes[i - 1]!);
  return isRising ? nodes : new Uint32Array(new Set(nodes));
}
