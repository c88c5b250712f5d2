/** @returns the dot product of two vectors [D]; of unit vectors, their cosine. */
export function dotOf(a: Float32Array, b: Float32Array): number {
  // four sums instead of one: the additions do not wait for each other
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** @returns row `row` of a matrix [rows, dimension], a view. */
export function rowOf<M extends Float32Array | Float64Array>(matrix: M, row: number, dimension: number): M {
  return matrix.subarray(row * dimension, (row + 1) * dimension) as M;
}

/**
 * @param query unit vector [D]
 * @param vectors unit vectors [n, D] row-major
 * @returns the cosines of all with all [n + 1, n + 1], the query first; exactly 1 on the diagonal
 */
export function cosineMatrix(query: Float32Array, vectors: Float32Array): Float64Array {
  const dimension = query.length;
  const count = vectors.length / dimension + 1;
  const vectorOf = (item: number) => (item === 0 ? query : rowOf(vectors, item - 1, dimension));
  const cosines = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    cosines[a * count + a] = 1;
    for (let b = 0; b < a; b++) cosines[a * count + b] = cosines[b * count + a] = dotOf(vectorOf(a), vectorOf(b));
  }
  return cosines;
}

/** @returns the vector at length 1; undefined if it is too short to have a direction. */
export function toUnit(vector: Float64Array): Float32Array | undefined {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const norm = Math.sqrt(squares);
  return norm < 1e-6 ? undefined : Float32Array.from(vector, (value) => value / norm);
}
