import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import { fusedScore, type Fusion, type FusionCandidate } from '../ranking/fusion.js';
import type { Filter } from '../store/filter.js';
import type { Store, TextMatch } from '../store/store.js';
import type { SearchPlan, Timings } from '../types.js';
import type { Epoch } from './epoch.js';
import { compareIds, type FoundImage, type NodeImage } from './image-search.js';
import { scoresOf, searchRanked, type RankedImages, type RankedSearch } from './ranked-search.js';
import type { SearchRequest, SearchTools } from './run-search.js';

/** Ranks of either ranking that are fused, at least. */
const FUSED_DEPTH = 100;

/** What a request says beside its text that is about pictures. */
const ABOUT_PICTURES = ['fusion', 'minScore', 'minVerdict', 'ranking', 'category', 'within', 'across'] as const;

/** Text beside pictures, and how the two rankings become one. */
export interface TextPart {
  text?: string;
  fusion?: Fusion;
}

/**
 * The images whose text has any of the words, best first. Nothing was compared, so each has a score of 0; rankScore is the
 * relevance of the text.
 * @throws `invalid_request` if the collection has no textFields, or the request asks for what only pictures can have
 */
export async function searchByText(
  { store }: Epoch,
  { text, ...request }: SearchRequest & { text: string },
  count: number,
): Promise<{ images: FoundImage[]; plan: SearchPlan; timings: Timings }> {
  const misplaced = ABOUT_PICTURES.find((name) => request[name] !== undefined);
  if (misplaced !== undefined)
    throw new LikenessError(
      'invalid_request',
      `${misplaced}: expected a picture to search by beside it, got text alone`,
    );
  const { matches, timings } = await findText(store, text, count, request);
  const images = matches.map(({ record, relevance }) => ({ record, score: 0, rankScore: relevance }));
  return { images, plan: images.length === 0 ? 'empty' : 'text', timings };
}

/**
 * The best images of a ranking, fused with those whose text has any of the words; without a text the ranking as it is.
 * score stays the cosine, also of those found by their text alone; rankScore is the fused score.
 * @throws `invalid_request` if the collection has no textFields, or there is a fusion and no text
 */
export async function searchFused(
  tools: SearchTools,
  search: RankedSearch,
  { text, fusion }: TextPart,
): Promise<RankedImages> {
  if (text === undefined) {
    if (fusion === undefined) return searchRanked(tools, search);
    throw new LikenessError('invalid_request', 'fusion: expected a text beside it, got none');
  }
  const depth = Math.max(FUSED_DEPTH, search.count);
  const [visual, words] = await Promise.all([
    searchRanked(tools, { ...search, count: depth }),
    findText(tools.epoch.store, text, depth + search.exclude.length, search),
  ]);
  const matches = words.matches.filter(({ record }) => !search.exclude.includes(record.id));
  const byText = await withCosines(tools.epoch, search.asked, matches);
  const images = fuse(visual.images, byText, fusion ?? { method: 'rrf' });
  return {
    images: images.slice(0, search.count),
    plan: visual.plan,
    timings: { ...visual.timings, ...words.timings },
  };
}

async function findText(
  store: Store,
  text: string,
  limit: number,
  search: { filter?: Filter },
): Promise<{ matches: TextMatch[]; timings: Timings }> {
  const started = performance.now();
  const matches = await store.searchText(text, { limit, ...pickDefined(search, ['filter']) });
  return { matches, timings: { text: performance.now() - started } };
}

/** @returns the matches with their cosines; one whose node was deleted since is left out, since its image is gone. */
async function withCosines(
  epoch: Epoch,
  vector: Float32Array,
  matches: TextMatch[],
): Promise<(NodeImage & { relevance: number })[]> {
  const scores = await scoresOf(epoch, vector, matches);
  return matches.flatMap((match) => {
    const score = scores.get(match.node);
    return score === undefined ? [] : [{ ...match, score }];
  });
}

function fuse(
  visual: readonly FoundImage[],
  byText: readonly (FoundImage & { relevance: number })[],
  fusion: Fusion,
): FoundImage[] {
  const best = byText[0]?.relevance ?? 1;
  const candidates = new Map<string, FusionCandidate & { image: FoundImage }>();
  visual.forEach((image, i) =>
    candidates.set(image.record.id, { image, cosine: image.score, visualRank: i + 1, relevance: 0 }),
  );
  byText.forEach(({ record, score, relevance }, i) => {
    const found = candidates.get(record.id) ?? { image: { record, score }, cosine: score };
    candidates.set(record.id, { ...found, textRank: i + 1, relevance: relevance / best });
  });
  return [...candidates.values()]
    .map(({ image, ...candidate }) => ({ ...image, rankScore: fusedScore(candidate, fusion) }))
    .sort((a, b) => b.rankScore - a.rankScore || compareIds(a.record.id, b.record.id));
}
