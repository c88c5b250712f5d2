import { z } from 'zod';
import { labelSchema, metadataFieldSchema } from './label.js';

/** Under which they are kept among what a collection learned. */
export const DOMAIN_MEANS = 'domain-means';

export const domainsReportSchema = z.object({
  field: metadataFieldSchema,
  domains: z.array(z.object({ domain: labelSchema, images: z.number().int() })),
  sequence: z.number().int().describe('of the collection when they were learned'),
  learnedAt: z.string(),
});
export type DomainsReport = z.infer<typeof domainsReportSchema>;

/** The mean descriptor of each domain, as they are kept. */
export const domainMeansSchema = z.object({
  report: domainsReportSchema,
  /** [D] each, in the order of the domains. */
  means: z.array(z.array(z.number())),
});
export type DomainMeans = z.infer<typeof domainMeansSchema>;

/**
 * Takes what all pictures of a query's domain have in common off the query: q' = (q - mu) / |q - mu|. The stored images stay
 * as they are: (q - mu) (x - nu) = (q - mu) x - (q - mu) nu, and the mean nu of theirs adds the same to each score.
 * @param mean mu of the query's domain [D]
 * @returns q', or q itself where nothing is left of it
 */
export function withoutMean(query: Float32Array, mean: readonly number[]): Float32Array {
  const moved = Float64Array.from(query, (value, i) => value - mean[i]!);
  const length = Math.hypot(...moved);
  return length < 1e-6 ? query : Float32Array.from(moved, (value) => value / length);
}
