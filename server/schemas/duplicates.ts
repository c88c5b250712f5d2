/** Duplicates and comparisons over HTTP. */
import { z } from 'zod';
import { verdictSchema } from '../../engine/duplicates/verdict.js';
import { imageIdSchema, imageRecordSchema } from '../../engine/types.js';
import { base64Schema, MAX_PAGE, urlSchema } from '../schemas.js';

const duplicateVerdictSchema = z.enum(['identical', 'near-duplicate']);
const probabilitySchema = z.number().describe('that one is an edited copy of the other');
const hashDistanceSchema = z.number().int().describe('of 64 bits of the perceptual hashes, mirrored or not');

export const duplicatesQuerySchema = z.strictObject({
  verdict: duplicateVerdictSchema
    .default('near-duplicate')
    .describe('the loosest verdict of a pair; near-duplicate needs a calibrated collection'),
  geometry: z
    .stringbool()
    .describe('also look at the key points of similar pairs, which finds crops and takes long; default false')
    .optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100).describe('groups wanted'),
  cursor: z.string().min(1).optional(),
});

export const duplicatesAnswerSchema = z.object({
  groups: z
    .array(
      z.object({
        verdict: duplicateVerdictSchema.describe('the loosest of its pairs'),
        images: z.array(imageRecordSchema),
        pairs: z
          .array(
            z.object({
              a: imageIdSchema,
              b: imageIdSchema,
              score: z.number().describe('cosine'),
              hashDistance: hashDistanceSchema.exactOptional(),
              verdict: verdictSchema,
              probability: probabilitySchema,
              inliers: z
                .number()
                .int()
                .describe('key points that agree, where these made a similar pair a near-duplicate')
                .exactOptional(),
            }),
          )
          .describe('what links the group; not every two of its images'),
      }),
    )
    .describe('images that are duplicates of each other, directly or over others; by first id'),
  sequence: z.number().int().describe('commits up to this one were looked at'),
  nextCursor: z.string().describe('absent on the last page').exactOptional(),
});
export type DuplicatesResponse = z.infer<typeof duplicatesAnswerSchema>;

const comparedSchema = z
  .strictObject({
    id: imageIdSchema.describe('a stored image').optional(),
    imageBase64: base64Schema.optional(),
    imageUrl: urlSchema.optional(),
  })
  .refine(
    (given) => Object.values(given).filter((value) => value !== undefined).length === 1,
    'expected one of id, imageBase64 and imageUrl',
  );
export type Compared = z.infer<typeof comparedSchema>;

const pictureWantedSchema = z
  .boolean()
  .default(false)
  .describe('also draw both side by side, their common points joined');
export const compareFieldsSchema = z.strictObject({ picture: pictureWantedSchema });
export const compareJsonSchema = compareFieldsSchema.extend({ a: comparedSchema, b: comparedSchema });

const placeSchema = z.object({ x: z.number(), y: z.number() });
const boxSchema = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .describe('in oriented pixels');

export const compareAnswerSchema = z.object({
  fingerprint: z.string(),
  score: z.number().describe('cosine'),
  distance: z.number(),
  hashDistance: hashDistanceSchema.exactOptional(),
  verdict: verdictSchema.exactOptional(),
  probability: probabilitySchema.exactOptional(),
  geometry: z
    .object({
      inliers: z.number().int().describe('pairs of key points that agree on one map of the plane; 12 are a safe sign'),
      matches: z.number().int().describe('pairs of key points that match'),
      regions: z.object({ a: boxSchema, b: boxSchema }).describe('where the points that agree lie').exactOptional(),
      points: z
        .array(z.object({ a: placeSchema, b: placeSchema }))
        .describe('the pairs that agree, in oriented pixels of each picture'),
    })
    .describe('what both show, point by point (SIFT, RANSAC)'),
  pictureBase64: z.string().describe('PNG of both side by side, where it was asked for').exactOptional(),
});
export type CompareResponse = z.infer<typeof compareAnswerSchema>;
