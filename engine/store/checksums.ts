import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** @returns CRC-32 of a row's values in the order of its columns: tells a flipped bit that SQLite lets pass. */
export function rowChecksum(values: readonly unknown[]): number {
  return crc32(JSON.stringify(values));
}

/** @returns SHA-256 of the descriptor's float32 bytes (little-endian, as on every platform that Node runs on). */
export function descriptorHash(vector: Float32Array): Buffer {
  return hash('sha256', bytesOf(vector), 'buffer');
}

/** @returns the vector's bytes, not copied. */
export function bytesOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}
