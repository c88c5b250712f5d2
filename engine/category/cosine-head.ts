/** A linear classifier on unit descriptors: logit k is scale times the cosine with row k. */
export interface CosineHead {
  dimension: number;
  /** [K, D], rows of length 1. */
  weights: Float32Array;
  scale: number;
}

/** @returns the logits [K] of a unit vector [D]. */
export function headLogits({ dimension, weights, scale }: CosineHead, vector: Float32Array): Float64Array {
  const logits = new Float64Array(weights.length / dimension);
  for (let k = 0; k < logits.length; k++) logits[k] = scale * dotAt(weights, k * dimension, vector, 0, dimension);
  return logits;
}

/** @returns the dot product of `length` numbers of a from `atA` and of b from `atB`. */
export function dotAt(
  a: Float32Array | Float64Array,
  atA: number,
  b: Float32Array | Float64Array,
  atB: number,
  length: number,
): number {
  // four sums instead of one: the additions do not wait for each other
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[atA + i]! * b[atB + i]!;
    s1 += a[atA + i + 1]! * b[atB + i + 1]!;
    s2 += a[atA + i + 2]! * b[atB + i + 2]!;
    s3 += a[atA + i + 3]! * b[atB + i + 3]!;
  }
  for (; i < length; i++) s0 += a[atA + i]! * b[atB + i]!;
  return s0 + s1 + (s2 + s3);
}
