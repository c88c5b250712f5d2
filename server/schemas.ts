/** What goes in and out over HTTP, as zod schemas. The routes, the OpenAPI document and the client's types come from here. */
import { z } from 'zod';
import {
  collectionConfigSchema,
  collectionNameSchema,
  hitSchema,
  imageIdSchema,
  imageRecordSchema,
  imageSourceSchema,
  indexConfigSchema,
  metadataSchema,
  regionSchema,
  regionsConfigSchema,
  searchPlanSchema,
  subjectSchema,
  tuningSchema,
} from '../engine/types.js';
import { acrossAnswerSchema, acrossRequestSchema } from '../engine/category/across-request.js';
import { categoryAnswerSchema, categoryRequestSchema, withinSchema } from '../engine/category/category-request.js';
import { headSettingsSchema } from '../engine/category/head-settings.js';
import { metadataFieldSchema } from '../engine/category/label.js';
import { MAX_QUERIES, MAX_QUERY_WEIGHT } from '../engine/collection/query.js';
import { LABEL_MESSAGE, namesWhatToLearnFrom, tuneFields } from '../engine/collection/tune-request.js';
import { calibrationFactsSchema } from '../engine/collection/calibrate/calibration.js';
import { verdictSchema } from '../engine/duplicates/verdict.js';
import { fixedInputsSchema } from '../engine/model/manifest.js';
import { fusionSchema } from '../engine/ranking/fusion.js';
import { rankingSchema } from '../engine/ranking/ranking-stage.js';
import { jsonText, textList } from './query-text.js';
import { checkPlaces, regionFields, regionTextFields } from './schemas/regions.js';

export const MAX_K = 1000;
/** Ranks past this one cannot be asked for: offset + k is at most this. */
export const MAX_RANK = 10_000;
export const MAX_PAGE = 1000;
/** Described parts of one image in an import. */
const MAX_IMAGE_REGIONS = 256;

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('stable; docs/errors.md lists all'),
    instance: z.string(),
    requestId: z.string(),
  })
  .describe('RFC 9457 problem; further members are facts of the error');
export type Problem = z.infer<typeof problemSchema>;

// ---- places

export const collectionParamsSchema = z.object({ collection: collectionNameSchema });

/** `.` and `..` are lost in every URL, so no image can be found under them. */
const addressableIdSchema = imageIdSchema.refine(
  (id) => id !== '.' && id !== '..',
  'expected an id other than . and ..',
);
export const imageParamsSchema = collectionParamsSchema.extend({
  id: addressableIdSchema.describe('percent-encoded as one segment: photos/a.jpg is photos%2Fa.jpg'),
});

// ---- collections

const { model, chain, scales, keepOriginals, ranking, categoryField, domainField, textFields } =
  collectionConfigSchema.shape;
const indexFields = indexConfigSchema.shape;
/** As the collection's config, but what is absent stays absent: the server's own defaults take its place. */
export const newCollectionSchema = z.strictObject({
  model: model.unwrap().optional(),
  chain,
  scales,
  keepOriginals: keepOriginals.unwrap().optional(),
  index: z
    .strictObject({
      kind: indexFields.kind.unwrap().optional(),
      M: indexFields.M.unwrap().optional(),
      efConstruction: indexFields.efConstruction.unwrap().optional(),
      efSearch: indexFields.efSearch.unwrap().optional(),
      exactBelow: indexFields.exactBelow.unwrap().optional(),
      rebuildRatio: indexFields.rebuildRatio.unwrap().optional(),
    })
    .optional(),
  ranking: ranking.unwrap().optional(),
  regions: regionsConfigSchema.optional(),
  categoryField,
  textFields: textFields.unwrap().optional(),
  domainField,
});
export type NewCollection = z.infer<typeof newCollectionSchema>;
export const namedCollectionSchema = newCollectionSchema.extend({ name: collectionNameSchema });

export const collectionInfoSchema = z.object({
  name: z.string(),
  state: z.enum(['ready', 'quarantined']),
  reason: z.string().describe('why it is quarantined').optional(),
  model: z.string().optional(),
  fingerprint: z.string().optional(),
  dimension: z.number().int().optional(),
  images: z.number().int().optional(),
  nodes: z.number().int().describe('distinct descriptors').optional(),
  sequence: z.number().int().optional(),
  createdAt: z.string().optional(),
  chain,
  scales,
  keepOriginals: z.boolean().optional(),
  indexConfig: indexConfigSchema.optional(),
  ranking: rankingSchema.optional(),
  regions: regionsConfigSchema.optional(),
  categoryField,
  textFields: textFields.unwrap().optional(),
  tuning: tuningSchema.optional(),
  calibration: calibrationFactsSchema.optional(),
  domainField,
  index: z
    .object({
      kind: indexConfigSchema.shape.kind.unwrap(),
      dimension: z.number().int(),
      live: z.number().int(),
      tombstones: z.number().int(),
      pending: z.number().int(),
      sequence: z.number().int(),
      generationSequence: z.number().int(),
      memoryBytes: z.number(),
    })
    .optional(),
});
export type CollectionAnswer = z.infer<typeof collectionInfoSchema>;
export const collectionListSchema = z.object({ collections: z.array(collectionInfoSchema) });

// ---- images

export const base64Schema = z.string().min(1).describe('bytes of the picture in base64');
export const urlSchema = z
  .string()
  .min(1)
  .max(4096)
  .describe('address of the picture; only where the server allows it');

/** The only source that a caller may name; the others follow from how the bytes came. */
export const fileSourceSchema = imageSourceSchema.options[1].describe(
  'a file that this machine can read again; taken from callers on the same machine only',
);
export type FileSource = z.infer<typeof fileSourceSchema>;

/** Facts that travel with a picture: as query parameters beside raw bytes, as JSON fields of a multipart body. */
export const pictureFactsSchema = z.strictObject({
  metadata: metadataSchema.optional(),
  source: fileSourceSchema.optional(),
});
export type PictureFacts = z.infer<typeof pictureFactsSchema>;
export const pictureQuerySchema = z.strictObject({
  metadata: jsonText(metadataSchema).describe('metadata as JSON text, beside a body of raw bytes').optional(),
  source: jsonText(fileSourceSchema).optional(),
});
export const pictureJsonSchema = pictureFactsSchema
  .extend({ imageBase64: base64Schema.optional(), imageUrl: urlSchema.optional() })
  .refine(hasOnePicture, 'expected one of imageBase64 and imageUrl');

export const putAnswerSchema = z.object({
  image: imageRecordSchema,
  outcome: z.enum(['added', 'replaced', 'unchanged']),
  sequence: z.number().int().describe('of the commit; searches with this minSequence see it'),
  reused: z.boolean().describe('the bytes were known, so their descriptor was used again'),
});
export type PutResponse = z.infer<typeof putAnswerSchema>;

export const patchSchema = z
  .strictObject({ metadata: metadataSchema })
  .describe('merged into the metadata (RFC 7396): null removes a field');
export const patchAnswerSchema = z.object({ image: imageRecordSchema, sequence: z.number().int() });
export type PatchResponse = z.infer<typeof patchAnswerSchema>;
export const deleteAnswerSchema = z.object({ sequence: z.number().int() });
export type DeleteResponse = z.infer<typeof deleteAnswerSchema>;

export const listQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
  cursor: z.string().min(1).optional(),
  filter: jsonText(z.unknown()).describe('metadata filter as JSON text').optional(),
});
export const listAnswerSchema = z.object({
  images: z.array(imageRecordSchema),
  nextCursor: z.string().describe('absent on the last page').optional(),
});
export type ListResponse = z.infer<typeof listAnswerSchema>;

export const thumbnailQuerySchema = z.strictObject({
  size: z.coerce.number().int().min(16).max(1024).default(256).describe('side of the square that it fits, pixels'),
  v: z
    .string()
    .max(128)
    .describe(
      'a text that is another one when the picture is, as its contentHash: the answer may then be kept for good',
    )
    .optional(),
});

export const existsSchema = z.strictObject({
  contentHashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'))
    .min(1)
    .max(1000),
});
export const existsAnswerSchema = z.object({
  ids: z.record(z.string(), z.array(z.string())).describe('for each known hash its ids, at most 100'),
});

// ---- batch and transfer

const floatsSchema = z.string().describe('little-endian float32 in base64');
/** A described part of an image, in whole oriented pixels. */
export const transferRegionSchema = z.strictObject({ box: regionSchema, descriptor: floatsSchema });
export type TransferRegion = z.infer<typeof transferRegionSchema>;

/** A line of an export, and what an import takes back: a record with its descriptor. */
export const transferLineSchema = imageRecordSchema
  .omit({ sequence: true })
  .extend({ descriptor: floatsSchema, regions: z.array(transferRegionSchema).max(MAX_IMAGE_REGIONS).optional() });
export type TransferLine = z.infer<typeof transferLineSchema>;

/** One line of an NDJSON batch. */
export const batchLineSchema = z.union(
  [
    z.strictObject({ op: z.literal('delete'), id: addressableIdSchema }),
    transferLineSchema.extend({
      op: z.literal('import'),
      id: addressableIdSchema,
      fingerprint: z.string().describe('of the model that made the descriptor'),
    }),
    pictureFactsSchema
      .extend({
        op: z.literal('put').optional(),
        id: addressableIdSchema.optional(),
        imageBase64: base64Schema.optional(),
        imageUrl: urlSchema.optional(),
      })
      .refine(hasOnePicture, 'expected one of imageBase64 and imageUrl'),
  ],
  'expected {"op": "delete", "id"} or {"id", "imageBase64" or "imageUrl", "metadata"}',
);
export type BatchLine = z.infer<typeof batchLineSchema>;

/** Field `items` of a multipart batch, before its files: the nth entry is of the nth file. */
export const batchItemsSchema = z.array(pictureFactsSchema.extend({ id: addressableIdSchema.optional() }));
export type BatchItem = z.infer<typeof batchItemsSchema>[number];

export const batchResultSchema = z.object({
  index: z.number().int().describe('place in the request, from 0'),
  id: z.string().optional(),
  outcome: z.enum(['added', 'replaced', 'unchanged', 'deleted']).optional(),
  sequence: z.number().int().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type BatchResult = z.infer<typeof batchResultSchema>;
export const batchAnswerSchema = z.object({
  items: z.array(batchResultSchema),
  failed: z.number().int().describe('how many items have an error'),
});

// ---- search and features

export const includeSchema = z.enum(['metadata', 'image']);
const descriptorSchema = z.array(z.number()).min(1).max(8192);

const optionFields = {
  k: z.number().int().min(1).max(MAX_K).default(10).describe('hits wanted'),
  offset: z.number().int().min(0).max(MAX_RANK).default(0).describe(`ranks passed over; offset + k <= ${MAX_RANK}`),
  ef: z
    .number()
    .int()
    .min(1)
    .max(MAX_RANK)
    .describe('candidates of the search by graph or codes; raised to k')
    .optional(),
  exact: z.boolean().default(false).describe('scan everything instead of using graph or codes'),
  filter: z.unknown().describe('metadata filter').optional(),
  ...regionFields,
  inputs: fixedInputsSchema
    .describe("of the model, for this query's pictures in place of its own: runWeight of a mixed one, or condition")
    .optional(),
  minScore: z.number().min(-1).max(1).describe('lowest score of a hit').optional(),
  minVerdict: verdictSchema.describe('loosest verdict of a hit; the collection must be calibrated').optional(),
  ranking: rankingSchema.optional(),
  category: categoryRequestSchema.optional(),
  within: withinSchema.optional(),
  across: acrossRequestSchema.optional(),
  text: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .describe("words to look for in the collection's textFields, beside a picture or alone")
    .optional(),
  fusion: fusionSchema.optional(),
  minSequence: z.number().int().min(0).describe('wait until this commit is visible').optional(),
  include: z.array(includeSchema).default(['metadata']).describe('what each hit brings along'),
};
const withinMaxRank = (options: { k: number; offset: number }): boolean => options.offset + options.k <= MAX_RANK;
const RANK_FAULT = { message: `expected offset + k to be at most ${MAX_RANK}`, path: ['offset'] };

const weightSchema = z
  .number()
  .min(-MAX_QUERY_WEIGHT)
  .max(MAX_QUERY_WEIGHT)
  .refine((weight) => weight !== 0, 'expected a weight other than 0')
  .describe('share in the combined query, 1 if not given; below 0 for a counter-example');

/** Options as JSON: field `options` of a multipart body. */
export const searchOptionsSchema = z
  .strictObject({
    ...optionFields,
    weights: z
      .array(weightSchema)
      .max(MAX_QUERIES)
      .describe('of the pictures, in their order; without, each counts 1')
      .optional(),
  })
  .superRefine(checkPlaces)
  .refine(withinMaxRank, RANK_FAULT);
export type SearchOptions = z.infer<typeof searchOptionsSchema>;

/** One thing to search by. */
export const queryIdSchema = z.uuid().describe('queryId of a search');

export const querySchema = z
  .strictObject({
    imageBase64: base64Schema.optional(),
    imageUrl: urlSchema.optional(),
    maskBase64: base64Schema
      .describe('a picture of the same size in base64, beside the picture: what is black in it does not count')
      .optional(),
    id: imageIdSchema.describe('a stored image; it is left out of the hits').optional(),
    queryId: queryIdSchema.describe('a search of late: what it was by, its weights times the one given').optional(),
    descriptor: descriptorSchema.optional(),
    fingerprint: z.string().describe('of the model that made the descriptor').optional(),
    region: regionSchema.optional(),
    weight: weightSchema.optional(),
  })
  .superRefine((query, context) => {
    const message = queryFault(query);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
export type Query = z.infer<typeof querySchema>;
export type QueryInput = z.input<typeof querySchema>;

/** A whole search as JSON: the options, and one query's fields or `queries`. */
export const searchJsonSchema = z
  .strictObject({
    ...optionFields,
    ...querySchema.shape,
    queries: z.array(querySchema).min(1).max(MAX_QUERIES).optional(),
  })
  .superRefine((search, context) => {
    const message = searchFault(search);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .superRefine(checkPlaces)
  .refine(withinMaxRank, RANK_FAULT);

const coerced = z.coerce.number();
/** Options in the query string, beside a body of raw bytes. */
export const searchQueryStringSchema = z
  .strictObject({
    k: coerced.pipe(optionFields.k.unwrap()).default(10).describe('hits wanted'),
    offset: coerced.pipe(optionFields.offset.unwrap()).default(0).describe('ranks passed over'),
    ef: coerced.pipe(optionFields.ef.unwrap()).optional(),
    exact: z.stringbool().default(false),
    filter: jsonText(z.unknown()).describe('metadata filter as JSON text').optional(),
    ...regionTextFields,
    inputs: jsonText(fixedInputsSchema).describe('values of inputs of the model as JSON text').optional(),
    minScore: coerced.pipe(optionFields.minScore.unwrap()).optional(),
    minVerdict: optionFields.minVerdict,
    ranking: jsonText(rankingSchema).describe('ranking stages as JSON text').optional(),
    category: jsonText(categoryRequestSchema).describe('true, false, or how, as JSON text').optional(),
    within: withinSchema.optional(),
    across: jsonText(acrossRequestSchema).describe('domains {"from", "to"} as JSON text').optional(),
    text: optionFields.text,
    fusion: jsonText(fusionSchema).describe('how text and picture are fused, as JSON text').optional(),
    minSequence: coerced.pipe(optionFields.minSequence.unwrap()).optional(),
    include: textList(includeSchema.options).default(['metadata']),
  })
  .superRefine(checkPlaces)
  .refine(withinMaxRank, RANK_FAULT);

const factsSchema = z.object({
  kind: z.enum(['image', 'id', 'descriptor']),
  id: z.string().optional(),
  weight: z.number().describe('as it was given').optional(),
  width: z.number().int().describe('oriented, pixels').optional(),
  height: z.number().int().optional(),
  orientation: z.number().int().describe('EXIF orientation that was applied').optional(),
  region: regionSchema.describe('the region used, in oriented pixels').optional(),
  contentHash: z
    .string()
    .describe('SHA-256 of the bytes; absent where a region was asked by, or with a mask')
    .optional(),
  perceptualHash: z.string().describe('of what the model saw').optional(),
});
const timingsSchema = z.record(z.string(), z.number()).describe('milliseconds by stage');

const foundSubjectsSchema = z
  .array(
    subjectSchema.extend({
      query: z.number().int().describe('of which of the queries, from 0'),
      used: z.boolean().describe('the search was by it'),
    }),
  )
  .describe('what was found in pictures that were searched by their subject; best first');

export const searchAnswerSchema = z.object({
  queryId: z.string().describe('what asks the same again for a while, and takes feedback').exactOptional(),
  queries: z.array(factsSchema),
  subjects: foundSubjectsSchema.exactOptional(),
  fingerprint: z.string(),
  plan: searchPlanSchema.describe('how the answer was found'),
  category: categoryAnswerSchema.exactOptional(),
  across: acrossAnswerSchema.exactOptional(),
  sequence: z.number().int().describe('commits up to this one were visible'),
  timings: timingsSchema,
  took: z.number().describe('milliseconds from the first byte to the answer'),
  belowThreshold: z.number().int().describe('of the ranks asked for, those left out by minScore and minVerdict'),
  hits: z.array(hitSchema),
});
export type SearchResponse = z.infer<typeof searchAnswerSchema>;

const { region, context } = regionFields;
/** The part of the picture to describe, with its context. */
export const featuresFieldsSchema = z.strictObject({ region, context }).superRefine(checkPlaces);
const { region: regionInText, context: contextInText } = regionTextFields;
export const featuresQuerySchema = z
  .strictObject({ region: regionInText, context: contextInText })
  .superRefine(checkPlaces);
export const featuresJsonSchema = z
  .strictObject({
    imageBase64: base64Schema.optional(),
    imageUrl: urlSchema.optional(),
    region,
    context,
  })
  .superRefine(checkPlaces)
  .refine(hasOnePicture, 'expected one of imageBase64 and imageUrl');
export const featuresAnswerSchema = z.object({
  descriptor: z.array(z.number()).describe('of length 1'),
  dimension: z.number().int(),
  fingerprint: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  region: regionSchema.describe('the region used, in oriented pixels').exactOptional(),
  timings: timingsSchema,
});
export type FeaturesResponse = z.infer<typeof featuresAnswerSchema>;

/** JSON that is nothing but a picture. */
export const onePictureJsonSchema = z
  .strictObject({ imageBase64: base64Schema.optional(), imageUrl: urlSchema.optional() })
  .refine(hasOnePicture, 'expected one of imageBase64 and imageUrl');
export const subjectsAnswerSchema = z.object({
  subjects: z.array(subjectSchema).describe('best first, at most five; none where nothing stands out'),
  width: z.number().int().describe('oriented, pixels'),
  height: z.number().int(),
  timings: timingsSchema,
});
export type SubjectsResponse = z.infer<typeof subjectsAnswerSchema>;

// ---- jobs

export const jobParamsSchema = collectionParamsSchema.extend({ job: z.string() });

export const newJobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reembed'),
    model: z.string().min(1).describe('an installed model'),
    chain,
    scales,
    dropUnavailable: z.boolean().default(false).describe('leave out images whose original cannot be read'),
  }),
  z.strictObject({ kind: z.literal('verify'), repair: z.boolean().default(false) }),
  z.strictObject({
    kind: z.literal('learn-domains'),
    field: metadataFieldSchema.describe("of the domain; default: the collection's domainField").optional(),
  }),
  headSettingsSchema.extend({
    kind: z.literal('train-head'),
    field: metadataFieldSchema.describe("of the labels; default: the collection's categoryField").optional(),
  }),
  z
    .strictObject({ kind: z.literal('tune'), ...tuneFields })
    .refine(namesWhatToLearnFrom, { message: LABEL_MESSAGE, path: ['label'] }),
  z.strictObject({
    kind: z.literal('calibrate'),
    images: z.number().int().min(50).max(4000).describe('images to edit; more is slower and more exact').optional(),
  }),
]);
export type NewJob = z.input<typeof newJobSchema>;
export type WantedJob = z.infer<typeof newJobSchema>;

// ---- health

export const healthSchema = z.object({ status: z.literal('ok') });
export const readinessSchema = z.object({
  ready: z.boolean(),
  collections: z.array(
    z.object({ name: z.string(), state: z.enum(['ready', 'quarantined']), code: z.string().optional() }),
  ),
});
export type Readiness = z.infer<typeof readinessSchema>;

function hasOnePicture(value: { imageBase64?: unknown; imageUrl?: unknown }): boolean {
  return (value.imageBase64 === undefined) !== (value.imageUrl === undefined);
}

type QueryFields = z.infer<z.ZodObject<typeof querySchema.shape>>;

function queryFault(query: QueryFields): string | undefined {
  const { imageBase64, imageUrl, id, queryId, descriptor } = query;
  const given = [imageBase64, imageUrl, id, queryId, descriptor].filter((value) => value !== undefined);
  if (given.length !== 1)
    return `expected one of imageBase64, imageUrl, id, queryId and descriptor, got ${given.length}`;
  if ((query.descriptor === undefined) !== (query.fingerprint === undefined))
    return 'expected descriptor and fingerprint together';
  if (query.maskBase64 !== undefined && query.imageBase64 === undefined && query.imageUrl === undefined)
    return 'expected maskBase64 beside imageBase64 or imageUrl';
  return undefined;
}

/** A text may stand alone. */
function searchFault(search: QueryFields & { queries?: unknown; text?: string | undefined }): string | undefined {
  const hasQuery = queriesFault(search) !== undefined;
  if (search.queries !== undefined) return queriesFault(search);
  return search.text !== undefined && !hasQuery ? undefined : queryFault(search);
}

function queriesFault(search: QueryFields): string | undefined {
  const { imageBase64, imageUrl, maskBase64, id, queryId, descriptor, fingerprint, weight } = search;
  const beside = [imageBase64, imageUrl, maskBase64, id, queryId, descriptor, fingerprint, weight];
  return beside.every((value) => value === undefined)
    ? undefined
    : 'expected queries alone, got another query beside it';
}
