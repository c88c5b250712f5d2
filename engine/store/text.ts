import type { Metadata } from '../types.js';

/** Words of a query that count; what follows is dropped. */
const MAX_WORDS = 64;

/** @returns the text of an image: the strings and numbers of these fields, and of lists in them, a line each. */
export function textOf(metadata: Metadata, fields: readonly string[]): string {
  const values = fields.flatMap((field) => (Object.hasOwn(metadata, field) ? metadata[field] : []));
  return values.filter((value) => typeof value === 'string' || typeof value === 'number').join('\n');
}

/**
 * @returns a query of SQLite's FTS5 for any of the words of a text. Each word is a quoted string, so that nothing in it is
 * read as an operator, a column or a prefix; the tokenizer takes it apart as it took the images' texts apart.
 */
export function matchQuery(text: string): string {
  const words = text.split(/[\s\0]+/u).filter((word) => word !== '');
  return words
    .slice(0, MAX_WORDS)
    .map((word) => `"${word.replaceAll('"', '""')}"`)
    .join(' OR ');
}
