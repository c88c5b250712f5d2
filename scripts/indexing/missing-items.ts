import { lstat } from 'node:fs/promises';
import type { IndexItem } from './index-items.js';
import type { IndexTarget } from './empty-collection.js';

/**
 * Deletions for the images that were indexed from this folder and whose file is gone. A file that cannot be looked at, or
 * that stands under another id, is not gone.
 */
export async function missingItems(
  root: string,
  items: readonly IndexItem[],
  collection: Pick<IndexTarget, 'list'>,
): Promise<IndexItem[]> {
  const present = new Set(items.flatMap((item) => (item.op === 'add' ? [item.path] : [])));
  const missing: IndexItem[] = [];
  for await (const { id, source } of collection.list()) {
    if (source.kind !== 'file' || source.root !== root || present.has(source.path)) continue;
    if (await isGone(source.path)) missing.push({ op: 'delete', id });
  }
  return missing;
}

async function isGone(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
