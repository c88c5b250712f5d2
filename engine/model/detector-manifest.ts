import { z } from 'zod';
import { fileNameSchema, sha256Schema } from './file-facts.js';
import { modelInputSchema, modelNameSchema } from './manifest.js';

/** What travels with a detector: how a picture becomes its input, and how its output becomes boxes. */
export const detectorManifestSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('detector'),
  name: modelNameSchema,
  description: z.string().default(''),
  licence: z.string(),
  file: fileNameSchema.default('model.onnx'),
  sha256: sha256Schema,
  input: modelInputSchema,
  /** Side of the square input, pixels; pictures are fitted into it from the top left. */
  size: z.number().int().min(32).max(2048),
  /** Grey of what the picture does not cover, 0..255. */
  padding: z.number().int().min(0).max(255).default(114),
  /** [1, n, 5 + classes]: a row for each cell of each stride in turn, see regions/yolox.ts. */
  output: z.strictObject({
    name: z.string(),
    layout: z.literal('yolox'),
    strides: z.array(z.number().int().positive()).min(1).default([8, 16, 32]),
  }),
  /** In the order of the network's scores. */
  classes: z.array(z.string().min(1).max(128)).min(1).max(1000),
  /** Boxes with a lower score are none. */
  minScore: z.number().min(0).max(1).default(0.3),
  /** Of boxes that overlap by more (intersection over union), the better one is kept. */
  maxOverlap: z.number().min(0).max(1).default(0.5),
});
export type DetectorManifest = z.infer<typeof detectorManifestSchema>;

/** @returns how many rows the output has. */
export function detectorRows({ size, output }: DetectorManifest): number {
  return output.strides.reduce((rows, stride) => rows + Math.floor(size / stride) ** 2, 0);
}
