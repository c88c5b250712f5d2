import { z } from 'zod';
import { indexConfigSchema, type collectionConfigSchema } from './types.js';

const MIB = 1024 * 1024;
/** The index's own defaults, so that no number stands twice. */
const INDEX_DEFAULTS = indexConfigSchema.parse({});

/**
 * What the engine needs to know. Flat, because each key is also a flag (--data-dir) and an environment variable
 * (LIKENESS_DATA_DIR); server/config.ts extends it. The descriptions are what `--help` and the manual print.
 */
export const engineConfigSchema = z.strictObject({
  dataDir: z.string().min(1).default('./index-data').describe('folder of the collections, originals and added models'),
  model: z.string().min(1).default('default').describe('model of collections that are made without naming one'),
  detector: z
    .string()
    .default('')
    .describe("installed detector that finds the subjects of pictures; none = the collection's own model does"),
  inferenceThreads: z.coerce.number().int().min(0).max(256).default(0).describe('inference workers; 0 = the CPU quota'),
  maxImageBytes: z.coerce
    .number()
    .int()
    .min(1024)
    .default(20 * MIB)
    .describe('largest accepted picture, bytes'),
  maxImagePixels: z.coerce.number().int().min(1024).default(100_000_000).describe('largest accepted picture, pixels'),
  decodeTimeoutMs: z.coerce.number().int().min(100).default(10_000).describe('longest decoding of one picture, ms'),
  keepOriginals: z.stringbool().or(z.boolean()).default(true).describe('new collections keep the bytes of uploads'),
  indexKind: indexConfigSchema.shape.kind.describe('index of new collections: hnsw, exact or sign'),
  indexM: z.coerce
    .number()
    .pipe(indexConfigSchema.shape.M.unwrap())
    .default(INDEX_DEFAULTS.M)
    .describe('hnsw M of new collections: links per node'),
  efConstruction: z.coerce
    .number()
    .pipe(indexConfigSchema.shape.efConstruction.unwrap())
    .default(INDEX_DEFAULTS.efConstruction)
    .describe('hnsw efConstruction of new collections'),
  efSearch: z.coerce
    .number()
    .pipe(indexConfigSchema.shape.efSearch.unwrap())
    .default(INDEX_DEFAULTS.efSearch)
    .describe('hnsw efSearch of new collections'),
  queryRetentionHours: z.coerce
    .number()
    .min(0)
    .max(24 * 366)
    .default(24)
    .describe('hours for which a search can be asked for again by its queryId; 0 = none are kept'),
  checkpointEvery: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('changes after which the graph is saved; also saved at shutdown'),
});
export type EngineConfig = z.infer<typeof engineConfigSchema>;

/** @returns the config that a collection gets when its maker names nothing else. */
export function defaultCollectionConfig(config: EngineConfig): z.input<typeof collectionConfigSchema> {
  return {
    model: config.model,
    keepOriginals: config.keepOriginals,
    index: {
      kind: config.indexKind,
      M: config.indexM,
      efConstruction: config.efConstruction,
      efSearch: config.efSearch,
    },
  };
}
