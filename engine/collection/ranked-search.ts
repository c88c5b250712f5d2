import { groupLookAlikes } from '../duplicates/look-alikes.js';
import { pickDefined } from '../pick-defined.js';
import type { Candidate } from '../ranking/candidate.js';
import { rankCandidates } from '../ranking/pipeline.js';
import type { RankingPorts } from '../ranking/ranking-ports.js';
import type { RankingStage } from '../ranking/ranking-stage.js';
import type { ImageRecord, Region, SearchPlan, Timings } from '../types.js';
import type { Epoch } from './epoch.js';
import type { ResolvedPart } from './query.js';
import type { SearchTools } from './run-search.js';
import { searchImages, type FoundImage, type ImageSearch, type NodeImage } from './image-search.js';

/** A group that drops nearly everything stops looking here. */
const MAX_DEPTH = 10_000;

export interface RankedSearch extends ImageSearch {
  /** The query as it was asked, which scores are cosines with; vector itself, or what that was made of. */
  asked: Float32Array;
  /** Stages in the order in which they run; none is the order by score. */
  ranking: readonly RankingStage[];
  /** The queries that the vector was made of. */
  parts: readonly ResolvedPart[];
  signal?: AbortSignal;
}

export interface RankedImages {
  images: FoundImage[];
  /** Of the first search. */
  plan: SearchPlan;
  timings: Timings;
}

interface RecordCandidate extends Candidate {
  record: ImageRecord;
  /** The part that was found, where it is not the whole. */
  box?: Region;
}

/** The best `count` images of a ranking, see pipeline.ts. Arithmetic over many vectors runs in the ranking thread. */
export async function searchRanked(
  { epoch, ranking: thread, geometry }: SearchTools,
  { ranking, parts, signal, asked, ...search }: RankedSearch,
): Promise<RankedImages> {
  const plans: SearchPlan[] = [];
  const ports: RankingPorts<RecordCandidate> = {
    search: async (vector, count) => {
      const { images, plan } = await searchImages(epoch.store, epoch.index, { ...search, vector, count });
      plans.push(plan);
      const scores = vector === asked ? undefined : await scoresOf(epoch, asked, images);
      return images.map((image) => toCandidate(image, scores));
    },
    vectors: (nodes) => epoch.store.nodeVectors(nodes),
    lookAlikes: (candidates) => [...groupLookAlikes(candidates.map(hashed))],
    verify: async (stage, candidates) => {
      const queries = await geometry.queryFeatures(parts, epoch.store);
      const records = candidates.map(({ record }) => record);
      return geometry.inliers(queries, records, stage, signal);
    },
    rerank: (stage, input) => thread.rerank(stage, input),
  };
  const request = { query: search.vector, stages: ranking, count: search.count, maxCount: MAX_DEPTH };
  const { candidates, timings } = await rankCandidates(request, ports);
  const images = candidates.map((found) => ({
    record: found.record,
    score: found.score,
    ...pickDefined(found, ['rankScore', 'box']),
  }));
  return { images, plan: plans[0]!, timings };
}

function hashed({ node, record }: RecordCandidate) {
  return { node, ...pickDefined(record, ['perceptualHash']) };
}

/** @returns the cosines of images found by another vector with the query as it was asked, by node. */
export async function scoresOf(
  epoch: Epoch,
  query: Float32Array,
  images: readonly Pick<NodeImage, 'node'>[],
): Promise<Map<number, number>> {
  const distinct = Uint32Array.from(new Set(images.map(({ node }) => node)));
  if (distinct.length === 0) return new Map();
  const { nodes, similarities } = await epoch.index.searchAmong(query, distinct, distinct.length);
  return new Map(Array.from(nodes, (node, rank) => [node, similarities[rank]!]));
}

/** @param scores by node; without them the image was found by the query itself, else it is ranked by what found it. */
function toCandidate({ record, node, score, ...more }: NodeImage, scores?: Map<number, number>): RecordCandidate {
  const { id, metadata } = record;
  const found = { id, node, score, similarity: score, metadata, record, ...pickDefined(more, ['box']) };
  // a node that was deleted since has no score any more, and its image is gone
  return scores === undefined ? found : { ...found, score: scores.get(node) ?? score, rankScore: score };
}
