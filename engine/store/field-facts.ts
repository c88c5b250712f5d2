import { z } from 'zod';
import type { Json, Metadata } from '../types.js';

/** Values of a field that are named; the rest is counted. */
const VALUES_NAMED = 100;
/** A text longer than this is no category. */
const VALUE_LENGTH = 200;

const plainSchema = z.union([z.string(), z.number(), z.boolean()]);
type Plain = z.infer<typeof plainSchema>;

/** What a metadata field holds, as far as it was looked at. */
export const fieldFactsSchema = z.strictObject({
  field: z.string(),
  images: z.number().int().describe('of those looked at, how many have the field'),
  types: z.array(z.enum(['string', 'number', 'boolean', 'null', 'object'])).describe('of its values, most often first'),
  distinct: z.number().int().describe('different values; those of a list count one by one'),
  values: z
    .array(z.strictObject({ value: plainSchema, images: z.number().int() }))
    .describe(`at most ${VALUES_NAMED}, most often first`),
  min: z.number().describe('smallest number').optional(),
  max: z.number().describe('largest number').optional(),
});
export type FieldFacts = z.infer<typeof fieldFactsSchema>;

interface Tally {
  images: number;
  types: Map<FieldFacts['types'][number], number>;
  values: Map<Plain, number>;
}

/** @returns every top-level field of these metadata, the most frequent first. */
export function fieldFacts(metadata: Iterable<Metadata>): FieldFacts[] {
  const tallies = new Map<string, Tally>();
  for (const record of metadata)
    for (const [field, value] of Object.entries(record)) {
      const tally = tallies.get(field) ?? { images: 0, types: new Map(), values: new Map() };
      tallies.set(field, tally);
      count(tally, value);
    }
  return Array.from(tallies, ([field, tally]) => facts(field, tally)).sort(
    (a, b) => b.images - a.images || (a.field < b.field ? -1 : 1),
  );
}

function count(tally: Tally, value: Json): void {
  tally.images += 1;
  // a list holds several values, as for a filter
  for (const single of new Set(Array.isArray(value) ? value : [value])) {
    const type = single === null ? 'null' : typeof single;
    add(tally.types, type as FieldFacts['types'][number]);
    if (single !== null && typeof single !== 'object') add(tally.values, single);
  }
}

function facts(field: string, { images, types, values }: Tally): FieldFacts {
  const numbers = [...values.keys()].filter((value) => typeof value === 'number');
  const named = mostOften(values).filter(([value]) => typeof value !== 'string' || value.length <= VALUE_LENGTH);
  return {
    field,
    images,
    types: mostOften(types).map(([type]) => type),
    distinct: values.size,
    values: named.slice(0, VALUES_NAMED).map(([value, count]) => ({ value, images: count })),
    ...(numbers.length === 0 ? {} : { min: least(numbers), max: -least(numbers.map((value) => -value)) }),
  };
}

function add<T>(counts: Map<T, number>, value: T): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** Ties in the order in which they were met. */
function mostOften<T>(counts: Map<T, number>): [T, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((smallest, value) => Math.min(smallest, value));
}
