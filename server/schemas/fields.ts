/** The metadata fields of a collection, over HTTP. */
import { z } from 'zod';
import { fieldFactsSchema } from '../../engine/store/field-facts.js';

export const fieldsAnswerSchema = z.object({
  images: z.number().int().describe('of the collection'),
  sampled: z.number().int().describe('that were looked at'),
  fields: z.array(fieldFactsSchema).describe('most frequent first'),
});
export type FieldsAnswer = z.infer<typeof fieldsAnswerSchema>;
