import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { LikenessError } from '../../engine/errors.js';
import type { Metadata } from '../../engine/types.js';
import { readCsvManifest } from './csv-manifest.js';
import { readFolder } from './folder.js';
import { readListFile } from './list-file.js';
import { readNdjsonManifest } from './ndjson-manifest.js';

/** One thing that an index run does: add the picture at a path, or delete an image. Without metadata, what is stored stays. */
export type IndexItem = { op: 'add'; id: string; path: string; metadata?: Metadata } | { op: 'delete'; id: string };

/** What an index run is to do. root is the folder within which missing files may count as deleted. */
export interface IndexItems {
  root?: string;
  items: IndexItem[];
}

/**
 * Reads what to index: a folder, or a .ndjson/.jsonl manifest, a .csv manifest, or a list of paths.
 * @throws `file_unreadable`, `invalid_request` with the line of a bad manifest
 */
export async function readIndexItems(path: string): Promise<IndexItems> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `expected a folder, list or manifest at ${path}: ${String(error)}`, {
      cause: error,
    });
  });
  if (found.isDirectory()) return { root: absolute, items: await readFolder(absolute) };
  return { items: await readerOf(absolute)(absolute) };
}

function readerOf(path: string): (path: string) => Promise<IndexItem[]> {
  const extension = extname(path).toLowerCase();
  if (extension === '.ndjson' || extension === '.jsonl') return readNdjsonManifest;
  return extension === '.csv' ? readCsvManifest : readListFile;
}
