/** The words of the domain as zod schemas; every type is inferred from its schema. */
import { z } from 'zod';
import { metadataFieldSchema } from './category/label.js';
import { chainRequestSchema, scalesSchema } from './model/descriptor-request.js';
import { verdictSchema } from './duplicates/verdict.js';
import { rankingSchema } from './ranking/ranking-stage.js';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Name of a collection: also a folder's name, so it is kept to what every file system takes. */
export const collectionNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9, _ and -, starting with a letter or digit');

/** The caller's name of an image, unique in its collection; may hold slashes, as a relative path does. */
export const imageIdSchema = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected no control characters and no halves of surrogate pairs');

/** The caller's own facts of an image. Filters reach its top-level fields. */
export const metadataSchema = z
  .record(z.string().min(1).max(128), z.json())
  .refine((value) => JSON.stringify(value).length <= 65_536, 'expected at most 64 KiB of JSON');
export type Metadata = z.infer<typeof metadataSchema>;

/**
 * A rectangle of an image, in oriented coordinates (after EXIF rotation): pixels, or fractions of width and height when
 * all four numbers are at most 1.
 */
export const regionSchema = z.strictObject({
  x: z.number().min(0),
  y: z.number().min(0),
  width: z.number().positive(),
  height: z.number().positive(),
});
export type Region = z.infer<typeof regionSchema>;

/** Something in a picture that a search may be for. */
export const subjectSchema = z.strictObject({
  box: regionSchema.describe('in oriented pixels'),
  score: z.number().min(0).max(1).describe('how well it stands out, or how sure the detector is'),
  label: z.string().describe('what the detector calls it').exactOptional(),
});
export type Subject = z.infer<typeof subjectSchema>;

/** Where an image's bytes came from, and where they can be read again. */
export const imageSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('upload') }),
  z.strictObject({ kind: z.literal('file'), path: z.string(), root: z.string().optional(), mtimeMs: z.number() }),
  z.strictObject({ kind: z.literal('url'), url: z.string() }),
]);
export type ImageSource = z.infer<typeof imageSourceSchema>;

/** 64 bits of what a picture looks like. */
const perceptualHashSchema = z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits');

/** One stored image as everybody outside the store sees it. */
export const imageRecordSchema = z.strictObject({
  id: imageIdSchema,
  /** SHA-256 of the original bytes, hex. */
  contentHash: z.string(),
  /** Oriented size in pixels. */
  width: z.number().int(),
  height: z.number().int(),
  format: z.string(),
  bytes: z.number().int(),
  /** Of what the model saw of it, see engine/duplicates; absent where it was not computed yet. */
  perceptualHash: perceptualHashSchema.optional(),
  metadata: metadataSchema,
  source: imageSourceSchema,
  createdAt: z.string(),
  updatedAt: z.string(),
  /** Sequence of the commit that last wrote this image. */
  sequence: z.number().int(),
});
export type ImageRecord = z.infer<typeof imageRecordSchema>;

/** The graph's parameters (Malkov & Yashunin 2016; names as in hnswlib). */
export const indexConfigSchema = z.strictObject({
  kind: z
    .enum(['hnsw', 'exact', 'sign'])
    .default('hnsw')
    .describe('graph search, an exact scan of everything, or a scan of sign codes'),
  M: z.number().int().min(4).max(96).default(16).describe('links per node; more is better recall and more memory'),
  efConstruction: z.number().int().min(16).max(2000).default(200).describe('candidates kept while building'),
  efSearch: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(128)
    .describe('candidates kept while searching; raised to k, by sign codes to 10 k'),
  exactBelow: z.number().int().min(0).default(2000).describe('collections smaller than this are scanned exactly'),
  rebuildRatio: z.number().min(0.05).max(0.95).default(0.3).describe('share of deleted nodes that starts a rebuild'),
});
export type IndexConfig = z.infer<typeof indexConfigSchema>;

/** What a projection behind a collection's own chain was learned from, and what it did. */
export const tuningSchema = z.strictObject({
  from: z.enum(['labels', 'feedback']),
  label: z.string().optional(),
  candidate: z.string().describe('how it was learned, such as lda p=0.5 D=256'),
  base: z.string().describe('fingerprint of the chain before anything was learned, which `tune --revert` goes back to'),
  before: z.number().describe('mean average precision of held-out queries without it'),
  after: z.number().describe('and with it'),
  learnedAt: z.string(),
});
export type Tuning = z.infer<typeof tuningSchema>;

/** Which parts of its pictures a collection describes beside the whole, so that a search finds them by themselves. */
export const regionsConfigSchema = z.strictObject({
  subjects: z.boolean().default(false).describe('the subjects that are found in each picture, at most five'),
  rmac: z
    .number()
    .int()
    .min(0)
    .max(4)
    .default(0)
    .describe('levels of the grid of R-MAC, overlapping squares: 3 are 13 of a square picture; 0 is none'),
});
export type RegionsConfig = z.infer<typeof regionsConfigSchema>;

/** What a collection is made with and keeps. */
export const collectionConfigSchema = z.strictObject({
  model: z.string().default('default').describe('name of an installed model'),
  chain: chainRequestSchema.optional(),
  scales: scalesSchema.optional(),
  keepOriginals: z.boolean().default(true).describe('keep the bytes of uploads, for thumbnails and re-embedding'),
  index: indexConfigSchema.prefault({}),
  ranking: rankingSchema.default([]),
  regions: regionsConfigSchema.prefault({}),
  domainField: metadataFieldSchema.describe('metadata field of the domain, such as street or shop').optional(),
  categoryField: metadataFieldSchema.describe('metadata field of the category that searches predict').optional(),
  textFields: z
    .array(metadataFieldSchema)
    .max(32)
    .default([])
    .describe('metadata fields whose text is searched by words'),
  tuning: tuningSchema.optional(),
});
export type CollectionConfig = z.infer<typeof collectionConfigSchema>;

/** How the answer was found. */
export const searchPlanSchema = z.enum([
  'exact',
  'hnsw',
  'sign',
  'exact-filtered',
  'hnsw-filtered',
  'sign-filtered',
  'text',
  'empty',
]);
export type SearchPlan = z.infer<typeof searchPlanSchema>;

/** One found image. score is the cosine in [-1,1]; distance = 1 - score. A ranking orders by rankScore instead. */
export const hitSchema = z.strictObject({
  id: imageIdSchema,
  score: z.number(),
  distance: z.number(),
  rankScore: z
    .number()
    .describe('what the last ranking stage that looked at this hit ordered it by; higher is better')
    .optional(),
  verdict: verdictSchema
    .describe('what this image is to the query; of one that is not calibrated only `identical` is told')
    .optional(),
  probability: z.number().describe('that this image is an edited copy of the query, or the other way round').optional(),
  box: regionSchema
    .describe('the part of this image that was found, in its oriented pixels; absent where it is the whole')
    .optional(),
  image: imageRecordSchema.omit({ id: true }).optional(),
  metadata: metadataSchema.optional(),
});
export type Hit = z.infer<typeof hitSchema>;

/**
 * Decoded picture. data is 8-bit RGB, row-major [height, width, 3]; mask, where the picture had transparent pixels, is
 * [height, width] with 0 = transparent .. 255 = opaque.
 */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
  mask?: Uint8Array;
}

/** Activations of a backbone for one picture: data is [channels, height, width]. */
export interface FeatureMap {
  channels: number;
  height: number;
  width: number;
  data: Float32Array;
}

/** Milliseconds by stage, in the order in which the stages ran. */
export type Timings = Record<string, number>;
