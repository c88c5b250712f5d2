import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import type { Json, Metadata } from '../../engine/types.js';
import type { IndexItem } from './index-items.js';
import { parseManifestRow } from './manifest-row.js';
import { readText } from './read-text.js';

/** What the parser gives with `info`: the fields by column, and the line that they end on. */
const csvRowsSchema = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

const OWN_COLUMNS = ['op', 'id', 'path'];

/** @returns the items of a CSV manifest with a header: path, and perhaps id and op; other columns become metadata. */
export async function readCsvManifest(file: string): Promise<IndexItem[]> {
  const rows = csvRowsSchema.parse(parseCsv(await readText(file), file));
  return rows.map(({ record, info }) => parseManifestRow(toRow(record), file, info.lines));
}

/** @throws `invalid_request` with the parser's words, which name the line */
function parseCsv(text: string, file: string): unknown {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, trim: true, info: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LikenessError('invalid_request', `${file}: ${reason}`, { cause: error });
  }
}

function toRow(record: Record<string, string>): Record<string, unknown> {
  const filled = Object.entries(record).filter(([, text]) => text !== '');
  const own = Object.fromEntries(filled.filter(([column]) => OWN_COLUMNS.includes(column)));
  if (Object.keys(record).every((column) => OWN_COLUMNS.includes(column))) return own;
  const others = filled.filter(([column]) => !OWN_COLUMNS.includes(column));
  const metadata: Metadata = Object.fromEntries(others.map(([column, text]) => [column, toValue(text)]));
  return { ...own, metadata };
}

/** A number or boolean where the text is exactly one, so that filters can compare it; leading zeros stay text. */
function toValue(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}
