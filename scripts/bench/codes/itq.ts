import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/**
 * Iterative quantisation, which the index does not have: index-codes.ts shows why. Learns the rotation R whose signs are
 * nearest to the rotated vectors: B = sign(V R), then R from the singular vectors of B^T V, in turn (Gong & Lazebnik 2011).
 * @param rows [count, dimension] row-major, centred. @returns R, dimension x dimension.
 */
export function learnItq(rows: Float32Array, dimension: number, iterations: number, start: Matrix): Matrix {
  const vectors = Matrix.from1DArray(rows.length / dimension, dimension, rows);
  let rotation = start;
  for (let i = 0; i < iterations; i++) {
    const signs = vectors.mmul(rotation);
    signs.apply((row, column) => signs.set(row, column, signs.get(row, column) > 0 ? 1 : -1));
    const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
      signs.transpose().mmul(vectors),
    );
    rotation = rightSingularVectors.mmul(leftSingularVectors.transpose());
  }
  return rotation;
}

/** @returns a random rotation: the orthogonal factor of a matrix of normal numbers. */
export function denseRotation(dimension: number, normal: () => number): Matrix {
  const numbers = Float32Array.from({ length: dimension * dimension }, normal);
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
    Matrix.from1DArray(dimension, dimension, numbers),
  );
  return leftSingularVectors.mmul(rightSingularVectors.transpose());
}

/** @returns the columns of a rotation, as {@link denseSignCodes} takes them. */
export function columnsOf(rotation: Matrix): Float32Array[] {
  return rotation
    .transpose()
    .to2DArray()
    .map((column) => Float32Array.from(column));
}

/** @returns sign codes [count, dimension / 32] of rows less the centre, rotated. */
export function denseSignCodes(rows: Float32Array, centre: Float32Array, columns: Float32Array[]): Uint32Array {
  const dimension = centre.length;
  const codes = new Uint32Array(rows.length / 32);
  const moved = new Float32Array(dimension);
  for (let start = 0; start < rows.length; start += dimension) {
    for (let i = 0; i < dimension; i++) moved[i] = rows[start + i]! - centre[i]!;
    columns.forEach((column, bit) => {
      if (innerProduct(moved, column) > 0) codes[(start + bit) >>> 5]! |= 1 << (bit & 31);
    });
  }
  return codes;
}

function innerProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
