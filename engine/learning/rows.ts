import { LikenessError } from '../errors.js';

/** Descriptors as one matrix: values [count, dimension] row-major. */
export interface Rows {
  count: number;
  dimension: number;
  values: Float32Array;
}

/** @returns the vectors as one matrix. @throws `dimension_mismatch` if their lengths differ */
export function stackRows(vectors: readonly Float32Array[]): Rows {
  const dimension = vectors[0]?.length ?? 0;
  const values = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, row) => {
    if (vector.length !== dimension)
      throw new LikenessError('dimension_mismatch', `expected ${dimension} numbers a vector, got ${vector.length}`);
    values.set(vector, row * dimension);
  });
  return { count: vectors.length, dimension, values };
}

/** @returns one row [dimension], a view. */
export function rowOf({ values, dimension }: Rows, row: number): Float32Array {
  return values.subarray(row * dimension, (row + 1) * dimension);
}

/** @returns those of the rows, in the order asked. */
export function selectRows(rows: Rows, chosen: ArrayLike<number>): Rows {
  const { dimension } = rows;
  const values = new Float32Array(chosen.length * dimension);
  for (let i = 0; i < chosen.length; i++) values.set(rowOf(rows, chosen[i]!), i * dimension);
  return { count: chosen.length, dimension, values };
}
