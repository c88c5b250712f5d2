import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { looksLikeImageFile } from '../../engine/image/media-type.js';
import type { IndexItem } from './index-items.js';

/**
 * @returns every picture under the folder, by its extension; id = path relative to the folder, with slashes. A sub-folder
 * that cannot be read is an item too, so that the run tells of it and goes on. Links to folders are not followed.
 */
export async function readFolder(root: string): Promise<IndexItem[]> {
  const paths = await picturesBelow(root);
  return paths.sort().map((path) => ({ op: 'add', id: relative(root, path).split(sep).join('/'), path }));
}

async function picturesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const below of await picturesBelow(path).catch(() => [path])) found.push(below);
    else if ((entry.isFile() || entry.isSymbolicLink()) && looksLikeImageFile(entry.name)) found.push(path);
  }
  return found;
}
