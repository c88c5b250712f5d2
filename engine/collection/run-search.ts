import type { AcrossAnswer, AcrossRequest } from '../category/across-request.js';
import type { CategoryAnswer, CategoryRequest } from '../category/category-request.js';
import { pickDefined } from '../pick-defined.js';
import type { Fusion } from '../ranking/fusion.js';
import type { RankingStage } from '../ranking/ranking-stage.js';
import type { RankingThread } from '../ranking/ranking-thread.js';
import type { Filter } from '../store/filter.js';
import type { SearchPlan, Timings } from '../types.js';
import { categorise } from './categorise.js';
import { crossDomains } from './cross-domains.js';
import type { Epoch } from './epoch.js';
import type { GeometricVerifier } from './geometric-verifier.js';
import { isAtLeast, type Verdict } from '../duplicates/verdict.js';
import { hitJudge } from './judge-hits.js';
import type { FoundImage } from './image-search.js';
import {
  checkDescriptor,
  checkWeights,
  combineQueries,
  type QueryFacts,
  type QueryPart,
  type ResolvedPart,
  type UsedSubject,
} from './query.js';
import { resolveImage } from './image-query.js';
import { searchByText, searchFused } from './text-search.js';

/** How long a search may wait for `minSequence`. */
const REACH_TIMEOUT_MS = 5000;

export interface SearchRequest {
  /** May be none beside a text. */
  queries: QueryPart[];
  /** Words that are looked for in the collection's textFields. */
  text?: string;
  /** How the ranking by pictures and that by words become one; default rrf. */
  fusion?: Fusion;
  k: number;
  offset?: number;
  ef?: number;
  /** Scan everything instead of using the graph. */
  exact?: boolean;
  filter?: Filter;
  /** Whether and how the query's category is predicted; if not given, where the collection has a categoryField. */
  category?: CategoryRequest;
  /** Narrows the search to the predicted category. */
  within?: 'predicted';
  /** Searches one domain with a picture of another. */
  across?: AcrossRequest;
  /** Stages that rank the hits again; if not given, those of the collection's config. */
  ranking?: readonly RankingStage[];
  /** Lowest score of a hit. Ranks are counted before it is tested. */
  minScore?: number;
  /** Loosest verdict of a hit. Ranks are counted before it is tested. */
  minVerdict?: Verdict;
  /** Waits until searches see this commit. */
  minSequence?: number;
  signal?: AbortSignal;
}

/** What a search works with. */
export interface SearchTools {
  epoch: Epoch;
  ranking: RankingThread;
  geometry: GeometricVerifier;
}

export interface SearchAnswer {
  /** What the query can be asked for again with, while it is kept. */
  queryId?: string;
  queries: Omit<QueryFacts, 'subjects'>[];
  /** What was found in the pictures that were searched by their subject, with the place of each picture in `queries`. */
  subjects?: (UsedSubject & { query: number })[];
  fingerprint: string;
  plan: SearchPlan;
  /** What the query seems to show, where that is asked for or set. */
  category?: CategoryAnswer;
  across?: AcrossAnswer;
  /** Sequence up to which commits were visible. */
  sequence: number;
  timings: Timings;
  /** Of the ranks asked for, how many were left out by minScore and minVerdict. */
  belowThreshold: number;
  hits: FoundImage[];
}

/** Queries -> one unit vector -> the nearest images, fused with those that the words find. @throws the codes of images, descriptors and `image_not_found` */
export async function runSearch(tools: SearchTools, request: SearchRequest): Promise<SearchAnswer> {
  const { epoch } = tools;
  const { index, model } = epoch;
  if (request.minSequence !== undefined) await index.reach(request.minSequence, REACH_TIMEOUT_MS);
  const parts = await resolveQueries(epoch, request);
  const judge = await hitJudge(epoch, parts, request.minVerdict);
  const { sequence } = index;
  const offset = request.offset ?? 0;
  const found = await find(tools, parts, request, offset + request.k);
  const ranked = found.images.slice(offset);
  const hits = ranked.map(judge).filter((hit) => isWanted(hit, request));
  return {
    ...answerFacts(parts),
    fingerprint: model.fingerprint,
    plan: found.plan,
    ...pickDefined(found, ['category', 'across']),
    sequence,
    timings: { ...addTimings(parts.map((part) => part.timings)), ...found.timings },
    belowThreshold: ranked.length - hits.length,
    hits,
  };
}

type Found = Pick<SearchAnswer, 'plan' | 'category' | 'across' | 'timings'> & { images: FoundImage[] };

/** The best `count` images: by pictures, by words, or by both. */
function find(
  tools: SearchTools,
  parts: readonly ResolvedPart[],
  request: SearchRequest,
  count: number,
): Promise<Found> {
  const { text } = request;
  const isTextAlone = text !== undefined && parts.length === 0;
  return isTextAlone ? searchByText(tools.epoch, { ...request, text }, count) : findAlike(tools, parts, request, count);
}

async function findAlike(
  tools: SearchTools,
  parts: readonly ResolvedPart[],
  request: SearchRequest,
  count: number,
): Promise<Found> {
  const { epoch } = tools;
  const asked = combineQueries(parts);
  const exclude = parts.flatMap(({ facts }) => (facts.id === undefined ? [] : [facts.id]));
  const { timings, ...narrowed } = await categorise(epoch, asked, exclude, request);
  const { across, ...crossed } = await crossDomains(epoch, asked, { ...pickDefined(request, ['across']), ...narrowed });
  const search = {
    ...crossed,
    asked,
    parts,
    count,
    ranking: request.ranking ?? epoch.config.ranking,
    exclude,
    ...pickDefined(request, ['ef', 'exact', 'signal']),
  };
  const found = await searchFused(tools, search, request);
  const told = { ...pickDefined(narrowed, ['category']), ...pickDefined({ across }, ['across']) };
  return { ...found, ...told, timings: { ...timings, ...found.timings } };
}

function answerFacts(parts: readonly ResolvedPart[]): Pick<SearchAnswer, 'queries' | 'subjects'> {
  const queries = parts.map(({ facts: { subjects, ...facts } }) => facts);
  const looked = parts.flatMap(({ facts }, query) => (facts.subjects === undefined ? [] : [{ query, ...facts }]));
  if (looked.length === 0) return { queries };
  return {
    queries,
    subjects: looked.flatMap(({ query, subjects = [] }) => subjects.map((subject) => ({ ...subject, query }))),
  };
}

function isWanted({ score, verdict }: FoundImage, { minScore = -Infinity, minVerdict }: SearchRequest): boolean {
  return score >= minScore && (minVerdict === undefined || (verdict !== undefined && isAtLeast(verdict, minVerdict)));
}

/** @returns the descriptor of each query; those that are resolved stay as they are. @throws as {@link runSearch} */
export async function resolveQueries(
  epoch: Epoch,
  { queries, text, signal }: Pick<SearchRequest, 'queries' | 'text' | 'signal'>,
): Promise<ResolvedPart[]> {
  if (queries.length > 0 || text === undefined) checkWeights(queries);
  return Promise.all(queries.map(async (query) => withWeight(await resolveQuery(epoch, query, signal), query)));
}

/** @returns the part with the weight that it was given, for the answer and for the next time. */
function withWeight(part: ResolvedPart, given: QueryPart): ResolvedPart {
  if (given.kind === 'resolved' || given.weight === undefined) return part;
  return { ...part, facts: { ...part.facts, weight: given.weight } };
}

async function resolveQuery(epoch: Epoch, query: QueryPart, signal?: AbortSignal): Promise<ResolvedPart> {
  const { store, model } = epoch;
  switch (query.kind) {
    case 'resolved':
      return query;
    case 'image':
      return resolveImage(epoch, query, signal);
    case 'id': {
      const [{ vector }, record] = await Promise.all([store.descriptorOf(query.id), store.get(query.id)]);
      const hashes = pickDefined(record, ['contentHash', 'perceptualHash']);
      return { kind: 'resolved', vector, facts: { kind: 'id', id: query.id, ...hashes }, timings: {} };
    }
    case 'descriptor': {
      const expected = { fingerprint: model.fingerprint, dimension: model.manifest.dimension };
      const vector = checkDescriptor(query.vector, query.fingerprint, expected);
      return { kind: 'resolved', vector, facts: { kind: 'descriptor' }, timings: {} };
    }
  }
}

/** @returns the sums by stage. */
function addTimings(all: Timings[]): Timings {
  const sums: Timings = {};
  for (const [stage, ms] of all.flatMap((timings) => Object.entries(timings))) sums[stage] = (sums[stage] ?? 0) + ms;
  return sums;
}
