import { z } from 'zod';
import { labelSchema, metadataFieldSchema } from './label.js';

export const acrossRequestSchema = z
  .strictObject({
    field: metadataFieldSchema.describe("of the domain; default: the collection's domainField").exactOptional(),
    from: labelSchema.describe('domain of the query'),
    to: labelSchema.describe('domain of the images wanted'),
    removeMean: z
      .boolean()
      .default(true)
      .describe("take the mean descriptor of the query's domain off the query, where it was learned"),
  })
  .describe('search one domain with a picture of another, such as shop pictures with a street photograph');
export type AcrossRequest = z.infer<typeof acrossRequestSchema>;

export const acrossAnswerSchema = z.object({
  field: metadataFieldSchema,
  from: labelSchema,
  to: labelSchema,
  meanRemoved: z
    .boolean()
    .describe('hits are then ordered by their rankScore, the cosine with the query without the mean'),
});
export type AcrossAnswer = z.infer<typeof acrossAnswerSchema>;
