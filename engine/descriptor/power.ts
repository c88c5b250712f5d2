/** @returns sign(x) |x|^exponent of each value: less weight for the few that are large (bursts). 0.5 is the signed root. */
export function power(x: Float32Array, exponent: number): Float32Array {
  return x.map((value) => Math.sign(value) * Math.abs(value) ** exponent);
}
