import { LikenessError } from '../engine/errors.js';

/** @returns the numbers as little-endian float32 in base64. */
export function encodeFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** @returns what {@link encodeFloats} took, bit for bit. @throws `invalid_descriptor` if it is not a whole number of float32 */
export function decodeFloats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) {
    throw new LikenessError('invalid_descriptor', `expected float32 in base64, got ${bytes.length} bytes`);
  }
  return new Float32Array(new Uint8Array(bytes).buffer);
}
