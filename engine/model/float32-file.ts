import { readFile } from 'node:fs/promises';
import { LikenessError } from '../errors.js';

/** @returns the little-endian float32 values of a file. @throws model_invalid if its size is no multiple of 4 bytes. */
export async function readFloat32File(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  if (bytes.length % 4 !== 0) {
    throw new LikenessError('model_invalid', `${path}: expected float32 values, got ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** @returns the values as a file has them, little-endian on every machine. */
export function float32Bytes(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return new Uint8Array(view.buffer);
}
