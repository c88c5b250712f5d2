/** Searches of late and feedback on them, over HTTP. */
import { z } from 'zod';
import { imageIdSchema } from '../../engine/types.js';
import { textList } from '../query-text.js';
import { collectionParamsSchema, includeSchema, MAX_K, MAX_RANK, queryIdSchema } from '../schemas.js';

/** Images that one piece of feedback may speak of. */
const MAX_SHOWN = 1000;

export const queryParamsSchema = collectionParamsSchema.extend({ queryId: queryIdSchema });

export const queryPageSchema = z
  .strictObject({
    k: z.coerce.number().int().min(1).max(MAX_K).describe('hits wanted; absent: as it was asked first').exactOptional(),
    offset: z.coerce.number().int().min(0).max(MAX_RANK).describe('ranks passed over').exactOptional(),
    include: textList(includeSchema.options).default(['metadata']),
  })
  .refine(({ k = 0, offset = 0 }) => offset + k <= MAX_RANK, {
    message: `expected offset + k to be at most ${MAX_RANK}`,
    path: ['offset'],
  });

export const feedbackSchema = z.strictObject({
  queryId: queryIdSchema,
  shown: z.array(imageIdSchema).min(1).max(MAX_SHOWN).describe('ids of the images that were looked at, best first'),
  clicked: z.array(imageIdSchema).max(MAX_SHOWN).describe('those of them that were chosen; may be none'),
});
export type FeedbackInput = z.infer<typeof feedbackSchema>;

export const feedbackAnswerSchema = z.object({ id: z.string(), createdAt: z.string() });
export type FeedbackResponse = z.infer<typeof feedbackAnswerSchema>;
