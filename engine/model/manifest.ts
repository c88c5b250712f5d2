import { z } from 'zod';
import { chainStageSchema } from './chain-stage.js';
import { classicalExtractorSchema } from './classical-extractor.js';
import { scalesSchema } from './descriptor-request.js';
import { fileNameSchema, sha256Schema } from './file-facts.js';
import { provenanceSchema } from './passes/pass.js';

/** How a picture becomes the network's input. All of it is part of the fingerprint. */
export const preprocessSchema = z.strictObject({
  policy: z
    .enum(['center-crop', 'fit', 'stretch', 'inside'])
    .describe(
      'center-crop: short side to size, middle square; fit: short side to size, aspect kept; stretch: to a square; inside: long side to size unless it is shorter, nothing cropped',
    ),
  size: z.number().int().min(32).max(2048).describe('pixels of the short side; with policy inside, of the long one'),
  /** With policy fit: the long side is at most this many times the short side (the rest is cropped evenly). */
  maxAspect: z.number().min(1).max(8).default(2),
  /** With policy fit: sides are rounded to a multiple of this. */
  multipleOf: z.number().int().min(1).max(64).default(32),
  kernel: z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']).default('lanczos3'),
  /** The picture is described at each of these factors of size, and the descriptors are merged. */
  scales: scalesSchema.optional(),
});
export type Preprocess = z.infer<typeof preprocessSchema>;

export const modelInputSchema = z.strictObject({
  name: z.string(),
  layout: z.enum(['nchw', 'nhwc']).default('nchw'),
  channelOrder: z.enum(['rgb', 'bgr']).default('rgb'),
  /** value = (pixel * scale - mean) / std, pixel in 0..255. */
  scale: z
    .number()
    .positive()
    .default(1 / 255),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
});
export type ModelInput = z.infer<typeof modelInputSchema>;

/** How a network came of another one: what was done to it, in order. */
export const derivationSchema = z.strictObject({
  parent: z.strictObject({ name: z.string(), sha256: sha256Schema }),
  passes: z.array(provenanceSchema).min(1),
});

export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9, dot, _ and -, starting with a letter or digit');

/**
 * Values of inputs that the network needs beside the picture, by name, such as { "runWeight": [0.9] }: fed on every run.
 * Row-major; the network says of which type (float32 or int64) and shape they are.
 */
export const fixedInputsSchema = z.record(z.string(), z.array(z.number()).min(1));
export type FixedInputs = z.infer<typeof fixedInputsSchema>;

/** What every model has: how a picture is cut, and what is done with the vector or map that is made of it. */
const commonFields = {
  format: z.literal(1),
  name: modelNameSchema,
  description: z.string().default(''),
  licence: z.string(),
  preprocess: preprocessSchema,
  /** Length of the descriptor. */
  dimension: z.number().int().min(2).max(8192),
};

/** What travels with a network: all that is needed to turn a picture into a descriptor, and by whose leave. */
export const networkManifestSchema = z.strictObject({
  ...commonFields,
  file: fileNameSchema,
  sha256: sha256Schema,
  input: modelInputSchema,
  inputs: fixedInputsSchema.optional(),
  /** The feature map [n, channels, h/stride, w/stride] that the chain pools. */
  output: z.strictObject({
    name: z.string(),
    channels: z.number().int().positive(),
    stride: z.number().int().positive(),
  }),
  normalization: z.strictObject({
    kind: z.enum(['bn', 'in', 'ibn-a', 'ibn-b', 'gn', 'ln', 'mixed', 'folded', 'none']),
    notes: z.string().optional(),
    /** Each network from its parent, the oldest first; absent for one that was trained as it is. */
    provenance: z.array(derivationSchema).min(1).optional(),
  }),
  chain: z.array(chainStageSchema).min(2),
});
export type NetworkManifest = z.infer<typeof networkManifestSchema>;

/** The same of a model without a network: an extractor makes a vector, which the chain goes on with. */
export const classicalManifestSchema = z.strictObject({
  ...commonFields,
  extractor: classicalExtractorSchema,
  /** Stages on vectors, l2 last. */
  chain: z.array(chainStageSchema).min(1),
});
export type ClassicalManifest = z.infer<typeof classicalManifestSchema>;

/** A model, whatever it describes pictures with. */
export type Manifest = NetworkManifest | ClassicalManifest;

/** @returns what sort of model it is, in a word: how a network normalises, or what describes pictures without one. */
export function modelKind(manifest: Manifest): string {
  return isNetwork(manifest) ? manifest.normalization.kind : manifest.extractor.kind;
}

/** @returns whether a model is a network. */
export function isNetwork(manifest: Manifest): manifest is NetworkManifest {
  return !('extractor' in manifest);
}
