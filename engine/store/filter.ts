import { z } from 'zod';
import { LikenessError } from '../errors.js';

/**
 * The filter language over the top-level fields of an image's metadata, as JSON:
 *
 *     { "brand": "acme", "price": { "gte": 5, "lt": 20 }, "$or": [{ "tag": "sale" }, { "$not": { "sold": true } }] }
 *
 * - Several fields, and several operators on one field, must all hold; `{}` matches everything. A plain value means `eq`.
 * - A field with an array holds several values: every operator but `ne` matches if any one of them does (each operator by
 *   itself). A field with an object holds no value, and matches `exists` and `ne` only.
 * - Comparisons never convert: 5 and "5" differ. Strings are ordered by code point; booleans and null have no order.
 * - `ne` is the opposite of `eq`, so it also matches images that lack the field. `exists` asks for the key: null exists.
 */
const limits = { levels: 32, conditions: 256, listed: 1000, stringLength: 4096, fieldLength: 128 } as const;

const stringSchema = z.string().max(limits.stringLength);
const scalarSchema = z.union([stringSchema, z.number(), z.boolean(), z.null()], {
  error: 'expected a string, number, boolean or null',
});
const orderedSchema = z.union([stringSchema, z.number()], { error: 'expected a string or number' });

const operatorsSchema = z
  .strictObject({
    eq: scalarSchema.exactOptional(),
    ne: scalarSchema.exactOptional(),
    in: z.array(scalarSchema).min(1).max(limits.listed).exactOptional(),
    lt: orderedSchema.exactOptional(),
    lte: orderedSchema.exactOptional(),
    gt: orderedSchema.exactOptional(),
    gte: orderedSchema.exactOptional(),
    exists: z.boolean().exactOptional(),
  })
  .refine((operators) => Object.keys(operators).length > 0, 'expected at least one operator');

export type FilterScalar = z.infer<typeof scalarSchema>;
export type FilterOperators = z.infer<typeof operatorsSchema>;

/** A valid filter. Written out because a type that refers to itself beside an index signature cannot be inferred. */
export interface Filter {
  $and?: Filter[];
  $or?: Filter[];
  $not?: Filter;
  [field: string]: FilterScalar | FilterOperators | Filter | Filter[] | undefined;
}

/** A condition on one field: plain values and operators are told apart by their type, so no union hides the reason. */
const conditionSchema = z.unknown().superRefine((value, context) => {
  const schema = typeof value === 'object' && value !== null ? operatorsSchema : scalarSchema;
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
  }
});

const combinators = ['$and', '$or', '$not'];
const expressionSchema: z.ZodType<Filter> = z
  .object({
    get $and() {
      return z.array(expressionSchema).min(1).exactOptional();
    },
    get $or() {
      return z.array(expressionSchema).min(1).exactOptional();
    },
    get $not() {
      return expressionSchema.exactOptional();
    },
  })
  .catchall(conditionSchema)
  .superRefine((filter, context) => {
    for (const field of Object.keys(filter).filter((name) => name.length < 1 || name.length > limits.fieldLength)) {
      const message = `expected a field name of 1 to ${limits.fieldLength} characters`;
      context.addIssue({ code: 'custom', message, path: [field] });
    }
  }) as unknown as z.ZodType<Filter>;

/** The filter language as a schema, its limits checked before anything recurses into the value. */
export const filterSchema = z
  .unknown()
  .superRefine((value, context) => {
    const message = shapeFault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .pipe(expressionSchema)
  .meta({
    description:
      'Conditions on metadata fields: {"brand": "acme", "price": {"lt": 20}, "$or": [...], "$and": [...], "$not": {...}}; ' +
      'operators eq, ne, in, lt, lte, gt, gte, exists',
  });

/** Size and combinators, walked with a stack of our own: the value may be deeper than the call stack allows. */
function shapeFault(root: unknown): string | undefined {
  const stack = [{ value: root, level: 1 }];
  let objects = 0;
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (typeof entry.value !== 'object' || entry.value === null) continue;
    if (entry.level > limits.levels) return `expected at most ${limits.levels} levels of nesting`;
    if (!Array.isArray(entry.value)) objects += Math.max(1, Object.keys(entry.value).length);
    if (objects > limits.conditions) return `expected at most ${limits.conditions} conditions`;
    const unknown = Object.keys(entry.value).find((key) => key.startsWith('$') && !combinators.includes(key));
    if (unknown !== undefined) return `expected ${combinators.join(', ')} or a field, got ${unknown}`;
    for (const value of Object.values(entry.value) as unknown[]) stack.push({ value, level: entry.level + 1 });
  }
  return undefined;
}

/** @throws `invalid_filter` naming the place and what was expected there. */
export function parseFilter(value: unknown): Filter {
  const parsed = filterSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.map(String).join('.');
  const place = path === '' ? 'filter' : `filter at ${path}`;
  throw new LikenessError('invalid_filter', `${place}: ${issue.message}`, { details: { path } });
}
