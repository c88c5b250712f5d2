/** What a ranking is made of, as zod schemas: the request's, the collection's and the command line's `ranking`. */
import { z } from 'zod';

/** A ranking longer than this is a mistake. */
const MAX_STAGES = 8;
/** Stages compare the candidates pairwise, so their memory and time grow with the square of this. */
const MAX_TOP = 1000;
/** Neighbourhoods take some times longer than mmr. */
const MAX_NEIGHBOURHOOD_TOP = 500;

const top = (count: number, most = MAX_TOP) =>
  z
    .number()
    .int()
    .min(2)
    .max(most)
    .default(count)
    .describe('how many of the best are ranked again; the rest keep their order below');

const expansionFields = {
  n: z.number().int().min(1).max(100).default(3).describe('nearest distinct descriptors that are added to the query'),
  floor: z.number().min(-1).max(1).default(0).describe('neighbours less similar than this are not added'),
};

/** q' = l2(q + sum of the n nearest) (Chum et al. 2007), then the search runs again. */
const averageQeSchema = z.strictObject({ stage: z.literal('average-qe'), ...expansionFields });

/** As average-qe with weights (q . x)^alpha (Radenovic et al. 2018). */
const alphaQeSchema = z.strictObject({
  stage: z.literal('alpha-qe'),
  ...expansionFields,
  alpha: z.number().min(0).max(10).default(3).describe('power of the similarity that weights a neighbour'),
});

/** Re-ranking stages, whose arithmetic runs in the ranking thread. */
export const rerankStageSchema = z.discriminatedUnion('stage', [
  z.strictObject({
    stage: z.literal('mmr'),
    topN: top(100),
    lambda: z.number().min(0).max(1).default(0.7).describe('1 is relevance alone, 0 is diversity alone'),
  }),
  z.strictObject({
    stage: z.literal('k-reciprocal'),
    topN: top(100, MAX_NEIGHBOURHOOD_TOP),
    k1: z.number().int().min(1).max(100).default(20).describe('neighbours that must have each other among theirs'),
    k2: z.number().int().min(1).max(100).default(6).describe('neighbours that a neighbourhood is averaged over'),
    lambda: z.number().min(0).max(1).default(0.3).describe('share of the original distance'),
  }),
  z.strictObject({
    stage: z.literal('diffusion'),
    topN: top(100, MAX_NEIGHBOURHOOD_TOP),
    // the published k = 50 and alpha = 0.99 are for graphs of thousands; so few candidates forget the query with them
    k: z.number().int().min(1).max(200).default(10).describe('neighbours in the graph, where mutual'),
    kq: z.number().int().min(1).max(200).default(10).describe('neighbours of the query that it starts from'),
    gamma: z.number().min(0).max(10).default(3).describe('power of the similarity that weights an edge'),
    alpha: z.number().min(0).max(0.999).default(0.9).describe('how far it spreads'),
  }),
]);
export type RerankStage = z.infer<typeof rerankStageSchema>;
export type KReciprocalStage = Extract<RerankStage, { stage: 'k-reciprocal' }>;
export type DiffusionStage = Extract<RerankStage, { stage: 'diffusion' }>;

/** Verifying a candidate takes tens of milliseconds, and many more where its key points are not known yet. */
const MAX_VERIFIED = 50;

/** Matches key points with the query's pictures and counts those that agree on one map (Philbin et al. 2007). */
const geometricSchema = z.strictObject({
  stage: z.literal('geometric'),
  topN: top(20, MAX_VERIFIED),
  minInliers: z.number().int().min(4).max(100).default(8).describe('fewer points that agree are chance'),
  timeoutMs: z
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10_000)
    .describe('candidates not looked at by then go below'),
});

/** Adds weighted numeric metadata fields to the similarity. */
const metadataSchema = z.strictObject({
  stage: z.literal('metadata'),
  topN: top(100),
  weights: z
    .record(z.string().min(1).max(128), z.number().min(-10).max(10))
    .refine((weights) => Object.keys(weights).length > 0, 'expected a weight for at least one field')
    .describe('similarity that the whole range of a field is worth; below 0 where less is better'),
});

/** Keeps the best `limit` images of each value of a metadata field, or of those that look the same. */
const groupSchema = z
  .strictObject({
    stage: z.literal('group'),
    field: z.string().min(1).max(128).describe('metadata field; images without it are never grouped').optional(),
    by: z.literal('duplicates').describe('images that look the same: one descriptor, or nearly one hash').optional(),
    limit: z.number().int().min(1).max(100).default(1).describe('hits of each group'),
  })
  .refine(({ field, by }) => (field === undefined) !== (by === undefined), 'expected one of field and by');

/** One stage of a ranking, by its usual name. */
export const rankingStageSchema = z.discriminatedUnion('stage', [
  averageQeSchema,
  alphaQeSchema,
  ...rerankStageSchema.options,
  geometricSchema,
  metadataSchema,
  groupSchema,
]);
export type RankingStage = z.infer<typeof rankingStageSchema>;
export type ExpansionStage = Extract<RankingStage, { stage: 'average-qe' | 'alpha-qe' }>;
export type GeometricStage = Extract<RankingStage, { stage: 'geometric' }>;
export type GroupStage = Extract<RankingStage, { stage: 'group' }>;

/** Stages in the order in which they run; none is the plain order by score. */
export const rankingSchema = z
  .array(rankingStageSchema)
  .max(MAX_STAGES)
  .refine(groupsLast, 'expected group once, as the last stage')
  .describe('stages that rank the hits again, in order; docs/retrieval.md has all');

/** What comes after a group would see another number of images on each page. */
function groupsLast(stages: readonly RankingStage[]): boolean {
  const first = stages.findIndex(({ stage }) => stage === 'group');
  return first === -1 || first === stages.length - 1;
}
