import { z } from 'zod';
import {
  attentionRmacSchema,
  crowSchema,
  gemSchema,
  l2Schema,
  macSchema,
  powerSchema,
  rmacSchema,
  spocSchema,
} from './chain-stage.js';
import { fileNameSchema } from './file-facts.js';

/** Names one of the model's own files; without a name, the first of its kind. */
const ownFileSchema = z.strictObject({ file: fileNameSchema.optional() });

/** A stage as a person asks for it of a given model: files are the model's own, and their facts with them. */
const chainStageRequestSchema = z.discriminatedUnion('stage', [
  macSchema,
  spocSchema,
  gemSchema,
  crowSchema,
  rmacSchema.extend({ projection: ownFileSchema.optional() }),
  attentionRmacSchema.extend({ projection: ownFileSchema.optional(), attention: ownFileSchema.optional() }),
  ownFileSchema.extend({ stage: z.literal('projection') }),
  powerSchema,
  l2Schema,
]);
export type ChainStageRequest = z.infer<typeof chainStageRequestSchema>;

/** A chain as a person asks for it of a given model; l2 comes last by itself. */
export const chainRequestSchema = z
  .array(chainStageRequestSchema)
  .min(1)
  .max(16)
  .describe("stages from feature map to descriptor, in place of the model's; a pooling first, l2 last");
export type ChainRequest = z.infer<typeof chainRequestSchema>;

/** Sizes at which a picture is described, as factors of the model's; the descriptors are merged. */
export const scalesSchema = z
  .array(z.number().min(0.25).max(4))
  .min(1)
  .max(6)
  .describe("sizes at which a picture is described, as factors of the model's");

/** How a collection's model makes descriptors, where that is not as the model's manifest says. */
export interface DescriptorRequest {
  chain?: ChainRequest | undefined;
  scales?: number[] | undefined;
}
