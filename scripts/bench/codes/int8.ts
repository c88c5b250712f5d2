/**
 * Scalar quantisation, which the index does not have: index-codes.ts shows why. Each number of a vector is
 * round(127 x / largest |x| of all).
 */

/** @param rows [count, dimension] row-major. @returns codes of the same shape. */
export function int8Codes(rows: Float32Array): Int8Array {
  const largest = rows.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(rows, (value) => Math.round((127 * value) / largest));
}

/** @returns the inner product of a query with the row that starts at offset; unrolled as the float one is. */
export function int8Dot(query: Int8Array, codes: Int8Array, offset: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0, at = offset; i < query.length; i += 4, at += 4) {
    a = (a + Math.imul(query[i]!, codes[at]!)) | 0;
    b = (b + Math.imul(query[i + 1]!, codes[at + 1]!)) | 0;
    c = (c + Math.imul(query[i + 2]!, codes[at + 2]!)) | 0;
    d = (d + Math.imul(query[i + 3]!, codes[at + 3]!)) | 0;
  }
  return a + b + c + d;
}
