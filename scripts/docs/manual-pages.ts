import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../engine/package-root.js';

/** @returns the paths of the pages of the manual: those of docs/ and those at the root. */
export async function manualPages(): Promise<string[]> {
  const root = packageRoot();
  const pages = async (folder: string) =>
    (await readdir(folder)).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
  return [...(await pages(root)), ...(await pages(join(root, 'docs')))].sort();
}
