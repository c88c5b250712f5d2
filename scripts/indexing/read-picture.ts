import { readFile, stat } from 'node:fs/promises';
import { LikenessError } from '../../engine/errors.js';

/**
 * Reads a picture's file, its size looked at first so that a huge one is never held in memory.
 * @throws `too_many_bytes`, `file_unreadable`
 */
export async function readPicture(path: string, maxBytes: number): Promise<{ bytes: Uint8Array; mtimeMs: number }> {
  const { size, mtimeMs, isFile } = await orUnreadable(path, async () => {
    const found = await stat(path);
    return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
  });
  // reading a pipe or device might never end
  if (!isFile) throw new LikenessError('file_unreadable', `expected a file at ${path}, got something else`);
  if (size > maxBytes) {
    throw new LikenessError('too_many_bytes', `expected at most ${maxBytes} bytes, got ${size}`, {
      details: { maxBytes, bytes: size },
    });
  }
  return { bytes: await orUnreadable(path, () => readFile(path)), mtimeMs };
}

async function orUnreadable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new LikenessError('file_unreadable', `expected a readable file at ${path} (${reason})`, { cause: error });
  }
}
