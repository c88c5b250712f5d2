import { z } from 'zod';
import type { CosineHead } from './cosine-head.js';
import { labelSchema, metadataFieldSchema } from './label.js';
import { headSettingsSchema } from './head-settings.js';

/** Under which it is kept among what a collection learned. */
export const CATEGORY_HEAD = 'category-head';
/** With more labels, asking a head would hold up the thread that answers. */
export const MAX_LABELS = 2000;

const predictorReportSchema = z.object({
  accuracy: z.number().describe('share of held-out images whose likeliest label is right'),
  calibrationErrorBefore: z.number().describe('expected calibration error, 15 bins, as it came'),
  calibrationError: z.number().describe('the same after temperature scaling'),
});
export type PredictorReport = z.infer<typeof predictorReportSchema>;

/** What a head was trained on, and how well it does; temperatures found on one half of the held-out images judge the other. */
export const headReportSchema = z.object({
  field: metadataFieldSchema,
  labels: z.array(z.object({ label: labelSchema, images: z.number().int() })),
  images: z.number().int().describe('that had a label'),
  examples: z.number().int().describe('distinct descriptors that took part'),
  heldOut: z.number().int().describe('of them, not trained on'),
  sequence: z.number().int().describe('of the collection when it was trained'),
  trainedAt: z.string(),
  rounds: z.number().int().describe('over the training examples, up to the one that did best'),
  settings: headSettingsSchema,
  voteWeight: z.number().describe('of the vote beside the head'),
  measured: z
    .object({ vote: predictorReportSchema, head: predictorReportSchema, fused: predictorReportSchema })
    .optional()
    .describe('absent with fewer than 20 held-out images'),
});
export type HeadReport = z.infer<typeof headReportSchema>;

/** How scores become probabilities. */
const calibrationSchema = z.object({
  weight: z.number().min(0).max(1),
  temperatures: z.object({ vote: z.number().positive(), head: z.number().positive(), fused: z.number().positive() }),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** A trained head as it is kept. */
export const categoryHeadSchema = z.object({
  report: headReportSchema,
  calibration: calibrationSchema,
  dimension: z.number().int().positive(),
  scale: z.number().positive(),
  weights: z.base64().describe('little-endian float32 [K, D], in the order of the labels'),
});
export type CategoryHead = z.infer<typeof categoryHeadSchema>;

const decoded = new WeakMap<CategoryHead, CosineHead>();

/** @returns the head's numbers, decoded once. */
export function cosineHeadOf(kept: CategoryHead): CosineHead {
  const known = decoded.get(kept);
  if (known !== undefined) return known;
  const { buffer } = Uint8Array.from(Buffer.from(kept.weights, 'base64'));
  const head = { dimension: kept.dimension, scale: kept.scale, weights: new Float32Array(buffer) };
  decoded.set(kept, head);
  return head;
}

/** @returns the weights as they are kept. */
export function encodeWeights(weights: Float32Array): string {
  return Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength).toString('base64');
}
