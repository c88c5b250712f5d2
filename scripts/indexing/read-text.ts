import { readFile } from 'node:fs/promises';
import { LikenessError } from '../../engine/errors.js';

/** @returns a file's text without a byte order mark, which some editors put before it. @throws `file_unreadable` */
export async function readText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `expected a readable text file at ${file}: ${String(error)}`, {
      cause: error,
    });
  });
  return text.replace(/^\uFEFF/, '');
}
