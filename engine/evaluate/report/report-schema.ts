import { z } from 'zod';
import { bootstrapOptionsSchema, intervalSchema } from '../bootstrap.js';

const countSchema = z.number().int().min(0);
const byMetric = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

/** The run on untouched queries. */
export const CLEAN = 'none';

const hitSchema = z.strictObject({ id: z.string(), score: z.number(), relevant: z.boolean() });

/** One query and the head of its ranking, junk left out. */
const exampleSchema = z.strictObject({
  query: z.string(),
  label: z.string(),
  /** Value of the first metric. */
  value: z.number(),
  positives: countSchema,
  hits: z.array(hitSchema),
});
export type Example = z.infer<typeof exampleSchema>;

const labelResultSchema = z.strictObject({ label: z.string(), queries: countSchema, metrics: byMetric(z.number()) });

/** One system asked with one set of queries: untouched, or all changed by one transform. */
const runSchema = z.strictObject({
  transform: z.string(),
  metrics: byMetric(intervalSchema),
  /** Untouched minus transformed, paired by query; absent in the untouched run. */
  drop: byMetric(intervalSchema).optional(),
  /** Mean milliseconds a query of each stage of the ranking, where the system tells them. */
  timings: z.record(z.string(), z.number()).optional(),
  /** Values by metric, in the order of the report's queries. */
  values: byMetric(z.array(z.number())),
  byLabel: z.array(labelResultSchema),
  /** Mean interpolated precision at even recall levels from 0 to 1. */
  curve: z.array(z.number()),
});
export type EvaluationRun = z.infer<typeof runSchema>;

const systemResultSchema = z.strictObject({
  name: z.string(),
  /** The untouched run first. */
  runs: z.array(runSchema).min(1),
  best: z.array(exampleSchema),
  worst: z.array(exampleSchema),
});
export type SystemResult = z.infer<typeof systemResultSchema>;

/** A system against the first of the sweep, paired by query. */
const comparisonSchema = z.strictObject({
  system: z.string(),
  baseline: z.string(),
  transform: z.string(),
  metric: z.string(),
  /** System minus baseline. */
  difference: intervalSchema,
  /** Drop of the system minus drop of the baseline: below 0 where the system loses less. */
  dropDifference: intervalSchema.optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** The whole result. Its JSON is stable: fields may be added under the same format, never changed. */
export const evaluationReportSchema = z.strictObject({
  format: z.literal(1),
  protocol: z.strictObject({
    name: z.string(),
    /** Queries that count. */
    queries: countSchema,
    /** Queries left out because nothing in the gallery is relevant to them. */
    withoutPositives: countSchema,
    gallery: countSchema,
  }),
  /** The first is the headline. */
  metrics: z.array(z.strictObject({ name: z.string(), label: z.string(), max: z.number() })).min(1),
  bootstrap: bootstrapOptionsSchema,
  queries: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  systems: z.array(systemResultSchema).min(1),
  comparisons: z.array(comparisonSchema),
});
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
