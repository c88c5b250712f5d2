import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileEntry } from './generation-manifest.js';

const CHUNK_BYTES = 1 << 20;

/** Writes a new file and fsyncs it. @param chunks may be one buffer that is filled again each time. */
export async function writeChecked(path: string, chunks: Iterable<Uint8Array>): Promise<FileEntry> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  let bytes = 0;
  try {
    for (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Fsyncs a file that another library wrote, and reads it again for its size and hash, yielding between chunks. */
export async function syncAndHash(path: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  const file = await open(path, 'r+');
  let bytes = 0;
  try {
    await file.sync();
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let read = await readNext(); read > 0; read = await readNext()) {
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
    return { bytes, sha256: hash.digest('hex') };

    async function readNext(): Promise<number> {
      return (await file.read(chunk, 0, CHUNK_BYTES)).bytesRead;
    }
  } finally {
    await file.close();
  }
}

/**
 * Reads a whole file, in pieces of pieceBytes (the last may be shorter), in one pass with its hash.
 * @param onPiece gets each piece; the buffer is used again.
 */
export function readChecked(path: string, pieceBytes = CHUNK_BYTES, onPiece?: (piece: Buffer) => void): FileEntry {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(pieceBytes);
  const file = openSync(path, 'r');
  let bytes = 0;
  try {
    for (let filled = fill(file, piece); filled > 0; filled = fill(file, piece)) {
      hash.update(piece.subarray(0, filled));
      onPiece?.(piece.subarray(0, filled));
      bytes += filled;
    }
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function fill(file: number, piece: Buffer): number {
  let filled = 0;
  while (filled < piece.length) {
    const read = readSync(file, piece, filled, piece.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
