import { z } from 'zod';
import { fileNameSchema, sha256Schema } from './file-facts.js';

/** Words of local descriptors, in a file beside the manifest: little-endian float32 [words, 128] row-major. */
const vocabulary = {
  file: fileNameSchema,
  sha256: sha256Schema,
  words: z.number().int().min(2).max(4096).describe('k: means that the local descriptors fall to'),
  maxPoints: z.number().int().min(10).max(2000).default(500).describe('the strongest key points are described'),
};

/** What describes a picture where no network does; its vector goes through the chain. */
export const classicalExtractorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lab-histogram'),
    bins: z
      .tuple([z.number().int().min(1).max(32), z.number().int().min(1).max(32), z.number().int().min(1).max(32)])
      .refine((bins) => bins[0] * bins[1] * bins[2] <= 8192, 'expected at most 8192 bins')
      .describe('of lightness, a (green to red) and b (blue to yellow)'),
  }),
  z.strictObject({
    kind: z.literal('hog'),
    cells: z.number().int().min(2).max(16).describe('along each side of the picture'),
    directions: z.number().int().min(4).max(18).default(9).describe('of the gradient, its sign aside'),
  }),
  z.strictObject({ kind: z.literal('vlad'), ...vocabulary }),
  /** The file has the inverse document frequencies behind the words: [words]. */
  z.strictObject({ kind: z.literal('bow'), ...vocabulary }),
]);
export type ClassicalExtractor = z.infer<typeof classicalExtractorSchema>;
export type VocabularyExtractor = Extract<ClassicalExtractor, { kind: 'vlad' | 'bow' }>;

/** @returns the file that an extractor names, where it names one. */
export function extractorFiles(extractor: ClassicalExtractor): { file: string; sha256: string }[] {
  return 'file' in extractor ? [{ file: extractor.file, sha256: extractor.sha256 }] : [];
}
