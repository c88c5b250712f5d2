/** @returns the Euclidean length of x; sums in float64. */
export function l2Norm(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return Math.sqrt(sum);
}

/** @returns x / |x|, of length 1 unless |x| is below eps (then x / eps, as in Radenovic's code, so that 0 stays 0). */
export function l2Normalize(x: Float32Array, eps = 1e-6): Float32Array {
  const scale = 1 / Math.max(eps, l2Norm(x));
  return x.map((value) => value * scale);
}
