import { dirname, resolve } from 'node:path';
import type { IndexItem } from './index-items.js';
import { readText } from './read-text.js';

/** @returns the pictures that a text file names, a path a line, relative to the file; # starts a comment. id = the line. */
export async function readListFile(file: string): Promise<IndexItem[]> {
  const lines = (await readText(file)).split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ op: 'add', id: line, path: resolve(dirname(file), line) }));
}
