import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { seededRandom } from '../seeded-random.js';

export const bootstrapOptionsSchema = z.strictObject({
  resamples: z.number().int().min(1).default(1000),
  seed: z.number().int().default(1),
  confidence: z.number().gt(0).lt(1).default(0.95),
});
export type BootstrapOptions = z.infer<typeof bootstrapOptionsSchema>;

/** A mean with its percentile interval. */
export const intervalSchema = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof intervalSchema>;

/**
 * Mean over queries with a percentile bootstrap interval (Efron 1979): the queries are drawn again with replacement, many
 * times; the interval holds the middle share of those means. It speaks of other queries of this kind, not of another
 * gallery. The same seed gives the same interval.
 * @throws invalid_request where there is no value.
 */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions): Interval {
  if (values.length === 0) throw new LikenessError('invalid_request', 'expected at least one query with a positive');
  const random = seededRandom(options.seed);
  const means = Float64Array.from({ length: options.resamples }, () => resampledMean(values, random)).sort();
  const tail = (1 - options.confidence) / 2;
  return { mean: mean(values), low: percentile(means, tail), high: percentile(means, 1 - tail) };
}

/**
 * Mean of a - b with its interval, query by query: both systems see the same draw, so what makes a query hard for both does
 * not widen the interval. An interval that leaves out 0 is a difference that the queries support.
 * @param a values by query; @param b values of the same queries in the same order
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, options: BootstrapOptions): Interval {
  if (a.length !== b.length) {
    throw new LikenessError('invalid_request', `expected the same queries, got ${a.length} and ${b.length}`);
  }
  return bootstrapMean(
    Array.from(a, (value, query) => value - b[query]!),
    options,
  );
}

/** @returns the mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** @param fraction 0..1; between two values the line that joins them. */
export function percentile(ascending: Float64Array, fraction: number): number {
  const place = fraction * (ascending.length - 1);
  const below = ascending[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (ascending[Math.ceil(place)]! - below);
}

function resampledMean(values: ArrayLike<number>, random: () => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)]!;
  return sum / values.length;
}
