import { z } from 'zod';
import { fileNameSchema, sha256Schema } from './file-facts.js';

/** Values of a linear map, in a file beside the manifest. */
const projectionFacts = {
  /** Little-endian float32: weights [outputs, inputs] row-major, then bias [outputs]. */
  file: fileNameSchema,
  sha256: sha256Schema,
  inputs: z.number().int().positive(),
  outputs: z.number().int().positive(),
};
const projectionFactsSchema = z.strictObject(projectionFacts);
export type ProjectionFacts = z.infer<typeof projectionFactsSchema>;

/** Learned weights of regions, in a file beside the manifest; see engine/descriptor/region-attention.ts. */
const attentionFactsSchema = z.strictObject({
  /** Little-endian float32: W1 [hidden, 2 C] row-major, b1 [hidden], w2 [hidden], b2 [1]. */
  file: fileNameSchema,
  sha256: sha256Schema,
  hidden: z.number().int().positive(),
});
export type AttentionFacts = z.infer<typeof attentionFactsSchema>;

export const macSchema = z.strictObject({ stage: z.literal('mac') });
export const spocSchema = z.strictObject({
  stage: z.literal('spoc'),
  // absent rather than false, so that manifests without it keep their fingerprint
  centrePrior: z.literal(true).optional().describe('cells near the centre count more'),
});
const exponentSchema = z.number().positive().max(100);
export const gemSchema = z.strictObject({
  stage: z.literal('gem'),
  p: z
    .union([exponentSchema, z.array(exponentSchema).min(1).max(8192)])
    .default(3)
    .describe('one exponent for all channels, or one for each'),
  eps: z.number().positive().default(1e-6),
});
export const crowSchema = z.strictObject({ stage: z.literal('crow') });
export const rmacSchema = z.strictObject({
  stage: z.literal('rmac'),
  levels: z.number().int().min(1).max(8).default(3).describe('L: sizes of regions'),
  projection: projectionFactsSchema.optional().describe('applied to the vector of each region, between two l2'),
});
export const attentionRmacSchema = z.strictObject({
  ...rmacSchema.shape,
  stage: z.literal('attention-rmac'),
  attention: attentionFactsSchema
    .optional()
    .describe('learned weights of the regions; else the activation map gives them'),
});
const projectionSchema = z.strictObject({ stage: z.literal('projection'), ...projectionFacts });
export const powerSchema = z.strictObject({
  stage: z.literal('power'),
  exponent: z.number().positive().max(1).default(0.5).describe('sign(x) |x|^exponent'),
});
export const l2Schema = z.strictObject({ stage: z.literal('l2') });

/** One stage of the descriptor chain; run in the order of the manifest: a pooling, then stages on vectors, then l2. */
export const chainStageSchema = z.discriminatedUnion('stage', [
  macSchema,
  spocSchema,
  gemSchema,
  crowSchema,
  rmacSchema,
  attentionRmacSchema,
  projectionSchema,
  powerSchema,
  l2Schema,
]);
export type ChainStage = z.infer<typeof chainStageSchema>;
export type PoolingStage = Extract<ChainStage, { stage: 'mac' | 'spoc' | 'gem' | 'crow' | 'rmac' | 'attention-rmac' }>;

/** A file that a stage names. */
export type StageFile = ProjectionFacts | AttentionFacts;

/** @returns the files that a stage names. */
export function stageFiles(stage: ChainStage): StageFile[] {
  if (stage.stage === 'projection') return [stage];
  if (stage.stage !== 'rmac' && stage.stage !== 'attention-rmac') return [];
  const attention = stage.stage === 'attention-rmac' ? stage.attention : undefined;
  return [stage.projection, attention].filter((facts) => facts !== undefined);
}
