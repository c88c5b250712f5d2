import { LikenessError } from '../errors.js';
import { assertUnitVectors } from './unit-vectors.js';
import type { NodeChanges } from './vector-index.js';
import type { VectorTable } from './vector-table.js';

/**
 * Puts and deletes the nodes of changes in the table; known nodes and unknown deletions are passed over. All or nothing.
 * @param onDeleted called with the row of each node that was live until now.
 * @throws `dimension_mismatch` or `invalid_descriptor`, see {@link assertUnitVectors}.
 */
export function applyToTable(
  table: VectorTable,
  changes: NodeChanges,
  onDeleted: (row: number, node: number) => void,
): void {
  const { putNodes, putVectors, deletedNodes } = changes;
  assertUnitVectors(putVectors, putNodes.length, table.dimension);
  putNodes.forEach((node, i) => {
    if (!table.knows(node)) table.add(node, putVectors.subarray(i * table.dimension, (i + 1) * table.dimension));
  });
  for (const node of deletedNodes) {
    const row = table.delete(node);
    if (row >= 0) onDeleted(row, node);
  }
}

/**
 * @throws `dimension_mismatch` or `invalid_descriptor` for the query.
 * @throws `invalid_request` if k or ef is not a whole number of at least 1.
 */
export function assertSearch(query: Float32Array, dimension: number, k: number, ef = 1): void {
  assertUnitVectors(query, 1, dimension);
  for (const [name, value] of Object.entries({ k, ef })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new LikenessError('invalid_request', `expected ${name} to be a whole number of at least 1, got ${value}`);
  }
}
