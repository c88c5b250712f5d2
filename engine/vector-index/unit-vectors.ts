import { LikenessError } from '../errors.js';

/** How far the squared length of a unit vector may be from 1; float32 rounding stays far below. */
const SQUARED_LENGTH_TOLERANCE = 1e-3;

/**
 * Checks vectors before they reach a graph: one NaN would spoil every comparison around it.
 * @param vectors [count, dimension] row-major.
 * @throws `dimension_mismatch` if the array has another length than count * dimension.
 * @throws `invalid_descriptor` if a row holds a non-finite number or is not of length 1.
 */
export function assertUnitVectors(vectors: Float32Array, count: number, dimension: number): void {
  if (vectors.length !== count * dimension) {
    const message = `expected ${count} x ${dimension} = ${count * dimension} numbers, got ${vectors.length}`;
    throw new LikenessError('dimension_mismatch', message, { details: { dimension, count, got: vectors.length } });
  }
  for (let row = 0; row < count; row++) assertUnitLength(vectors, row, dimension);
}

function assertUnitLength(vectors: Float32Array, row: number, dimension: number): void {
  let squaredLength = 0;
  for (let i = row * dimension; i < (row + 1) * dimension; i++) squaredLength += vectors[i]! * vectors[i]!;
  // written so that NaN fails as well
  if (Math.abs(squaredLength - 1) <= SQUARED_LENGTH_TOLERANCE) return;
  const message = `expected a vector of length 1, got length ${Math.sqrt(squaredLength)} in row ${row}`;
  throw new LikenessError('invalid_descriptor', message, { details: { row } });
}
