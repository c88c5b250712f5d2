import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import { readText } from './read-text.js';

const pairsSchema = z.array(z.object({ a: z.string().min(1), b: z.string().min(1) }));

/**
 * @returns the paths of each pair of a CSV file with the columns a and b, relative ones from the file's folder.
 * @throws `invalid_request` naming the file, `file_unreadable`
 */
export async function readPairs(file: string): Promise<[string, string][]> {
  const text = await readText(file);
  try {
    const rows = pairsSchema.parse(parse(text, { columns: true, skip_empty_lines: true, trim: true }));
    return rows.map(({ a, b }) => [resolve(dirname(file), a), resolve(dirname(file), b)]);
  } catch (cause) {
    throw new LikenessError('invalid_request', `${file}: expected a CSV with the columns a and b`, { cause });
  }
}
