/** What a browser's page asks of the server before anything else, over HTTP. */
import { z } from 'zod';

export const signInSchema = z.strictObject({ key: z.string().min(1).max(4096).describe('an API key') });

export const sessionAnswerSchema = z.object({
  keys: z.boolean().describe('the server asks for API keys'),
  access: z.enum(['none', 'read', 'write']).describe('what this caller may do'),
  urlFetch: z.boolean().describe('imageUrl is taken'),
  maxImageBytes: z.number().int(),
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

export const modelListSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      bundled: z.boolean().describe('came with the package'),
      default: z.boolean().describe('taken where none is named'),
      problem: z.string().describe('why it cannot be used').exactOptional(),
    }),
  ),
});
export type ModelList = z.infer<typeof modelListSchema>;
