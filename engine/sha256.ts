import { webcrypto } from 'node:crypto';

/** @returns SHA-256 of the bytes in hex, computed off the calling thread. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', bytes);
  return Buffer.from(digest).toString('hex');
}
