import { LikenessError } from '../../engine/errors.js';
import type { IndexItem } from './index-items.js';
import { parseManifestRow } from './manifest-row.js';
import { readText } from './read-text.js';

/** @returns the items of a manifest with a JSON object a line: {"op": "ADD", "path": ..., "id": ..., "metadata": {...}}. */
export async function readNdjsonManifest(file: string): Promise<IndexItem[]> {
  const lines = (await readText(file)).split(/\r?\n/);
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseManifestRow(parseLine(line, file, index + 1), file, index + 1)],
  );
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new LikenessError(
      'invalid_json',
      `${file}, line ${number}: expected a JSON object, got ${line.slice(0, 60)}`,
      { cause: error },
    );
  }
}
