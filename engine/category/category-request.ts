import { z } from 'zod';
import { labelSchema, metadataFieldSchema } from './label.js';
import { PREDICTORS } from './predict.js';

/** What a search may say about the category of its query: nothing more than whether, or how. */
export const categoryRequestSchema = z
  .union([
    z.boolean(),
    z.strictObject({
      field: metadataFieldSchema
        .describe("default: the collection's categoryField, else that of its head")
        .exactOptional(),
      by: z
        .enum(PREDICTORS)
        .describe('default: fused where a head was trained on the field, else vote')
        .exactOptional(),
      neighbours: z.number().int().min(1).max(1000).describe('who vote; default 30').exactOptional(),
      temperature: z.number().min(0.001).max(10).describe('a vote counts exp(score / temperature)').exactOptional(),
    }),
  ])
  .describe("predict the query's category; default: where the collection has a categoryField");
export type CategoryRequest = z.infer<typeof categoryRequestSchema>;
export type CategoryOptions = Exclude<CategoryRequest, boolean>;

export const withinSchema = z.enum(['predicted']).describe('keep to images of the predicted category');

export const categoryAnswerSchema = z.object({
  field: metadataFieldSchema,
  by: z.enum(PREDICTORS),
  predicted: z
    .array(z.object({ label: labelSchema, probability: z.number() }))
    .describe('the five likeliest labels; none where no image near the query has one'),
  within: z
    .object({ labels: z.array(labelSchema), probability: z.number().describe('of all of them together') })
    .describe('what the search kept to: the likeliest label, or as many as reach 0.9 where none reaches 0.5')
    .exactOptional(),
});
export type CategoryAnswer = z.infer<typeof categoryAnswerSchema>;
