/** Where in a picture to look, as requests say it. */
import { z } from 'zod';
import { regionSchema } from '../../engine/types.js';
import { regionText } from '../query-text.js';

/** Regions of one picture in one request. */
export const MAX_REGIONS = 8;

const contextSchema = z
  .number()
  .min(0)
  .max(1)
  .describe("share of a region's size that is added on each side, clipped to the picture; 0 if not given");

const subjectField = z
  .enum(['auto'])
  .describe('look for the subject that stands out most in each picture, and search by it')
  .optional();

/** Fields of JSON. */
export const regionFields = {
  region: regionSchema.describe('the part of each picture to search by').optional(),
  regions: z
    .array(regionSchema)
    .min(1)
    .max(MAX_REGIONS)
    .describe('several parts of each picture; each is a query, and they are combined')
    .optional(),
  context: contextSchema.optional(),
  subject: subjectField,
};

/** The same in a query string. */
export const regionTextFields = {
  region: regionText.optional(),
  regions: z
    .string()
    .transform((text) => text.split(';'))
    .pipe(z.array(regionText).min(1).max(MAX_REGIONS))
    .describe('several, separated by semicolons')
    .optional(),
  context: z.coerce.number().pipe(contextSchema).optional(),
  subject: subjectField,
};

interface Places {
  region?: unknown;
  regions?: unknown;
  context?: unknown;
  subject?: unknown;
  queries?: { region?: unknown }[] | undefined;
}

/** @returns what is wrong with the places that a request names, or undefined. */
function placesFault({ region, regions, context, subject, queries = [] }: Places): string | undefined {
  const named = [region, regions, subject].filter((value) => value !== undefined);
  if (named.length > 1) return `expected one of region, regions and subject, got ${named.length}`;
  const hasPlace = named.length > 0 || queries.some((query) => query.region !== undefined);
  return context === undefined || hasPlace ? undefined : 'expected a region, regions or subject beside context';
}

/** Reports {@link placesFault} as zod does. */
export function checkPlaces(places: Places, context: z.RefinementCtx): void {
  const message = placesFault(places);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}
