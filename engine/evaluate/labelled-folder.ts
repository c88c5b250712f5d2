import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LikenessError } from '../errors.js';
import type { EvaluationItem } from './protocol.js';

const PICTURE = /\.(jpe?g|png|webp|avif|gif|tiff?)$/i;

/**
 * Lists the pictures below a folder, sorted by id. id = path below the folder with forward slashes; label = the first
 * sub-folder's name, '' for a picture that lies in the folder itself.
 * @throws invalid_request where the folder holds no picture or cannot be read.
 */
export async function listLabelledFolder(folder: string): Promise<EvaluationItem[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new LikenessError('invalid_request', `expected a readable folder, got ${folder}`, { cause });
  });
  const files = entries.filter((entry) => entry.isFile() && PICTURE.test(entry.name));
  if (files.length === 0) throw new LikenessError('invalid_request', `expected pictures below ${folder}, found none`);
  return files.map((file) => toItem(folder, path.join(file.parentPath, file.name))).sort(byId);
}

function toItem(folder: string, file: string): EvaluationItem {
  const segments = path.relative(folder, file).split(path.sep);
  return { id: segments.join('/'), label: segments.length > 1 ? segments[0]! : '', path: file };
}

/** Order by code units: the same on every machine, whatever its locale. */
function byId(a: EvaluationItem, b: EvaluationItem): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
