import { z } from 'zod';
import { LikenessError } from '../../errors.js';
import { CLASS_METRICS, NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';
import { itemFinder } from './find-items.js';

/** One line of the list file (NDJSON). Ids are those of the listings. */
export const listLineSchema = z.strictObject({
  query: z.string(),
  relevant: z.array(z.string()),
  junk: z.array(z.string()).default([]),
  /** What results are broken down by; the query's folder where it is not given. */
  label: z.string().optional(),
});
type ListLine = z.infer<typeof listLineSchema>;

/**
 * Queries with right answers and junk spelt out, one JSON object a line. A query that is itself in the gallery is junk to
 * itself, unless its line calls it relevant (as classic Oxford5k does).
 * @param text the NDJSON; empty lines are skipped
 * @param gallery what is searched
 * @param queries where the queries are looked up, if not in the gallery
 * @throws invalid_json, or invalid_request for an unknown id, one both relevant and junk, or a query listed twice.
 */
export function listFile(text: string, gallery: readonly EvaluationItem[], queries = gallery): Protocol {
  const findQuery = itemFinder(queries, 'query listing');
  const findGallery = itemFinder(gallery, 'gallery');
  const judgements = new Map<string, { relevant: Set<string>; junk: Set<string> }>();
  const items = parseLines(text).map((line) => {
    if (judgements.has(line.query)) throw new LikenessError('invalid_request', `query ${line.query} is listed twice`);
    [...line.relevant, ...line.junk].forEach(findGallery);
    const query = withLabel(findQuery(line.query), line.label);
    judgements.set(line.query, judgementOf(line, queries === gallery));
    return query;
  });
  return {
    name: 'list-file',
    queries: items,
    gallery,
    metrics: CLASS_METRICS,
    relevant: ({ id }) => judgements.get(id)?.relevant ?? NO_IDS,
    junk: ({ id }) => judgements.get(id)?.junk ?? NO_IDS,
  };
}

function judgementOf(line: ListLine, queryIsInGallery: boolean): { relevant: Set<string>; junk: Set<string> } {
  const relevant = new Set(line.relevant);
  const junk = new Set(line.junk);
  const both = line.junk.find((id) => relevant.has(id));
  if (both !== undefined) {
    throw new LikenessError('invalid_request', `${both} is both relevant and junk for query ${line.query}`);
  }
  if (queryIsInGallery && !relevant.has(line.query)) junk.add(line.query);
  return { relevant, junk };
}

/** The item itself where the label is its own, so that its descriptor is made once for query and gallery. */
function withLabel(item: EvaluationItem, label = item.label): EvaluationItem {
  return label === item.label ? item : { ...item, label };
}

function parseLines(text: string): ListLine[] {
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, index + 1)]));
}

function parseLine(line: string, lineNumber: number): ListLine {
  const parsed = listLineSchema.safeParse(parseJson(line, lineNumber));
  if (parsed.success) return parsed.data;
  throw new LikenessError('invalid_request', `line ${lineNumber} of the list file: ${z.prettifyError(parsed.error)}`);
}

function parseJson(line: string, lineNumber: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new LikenessError('invalid_json', `expected JSON on line ${lineNumber} of the list file`, { cause });
  }
}
