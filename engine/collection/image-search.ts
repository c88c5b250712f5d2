import { pickDefined } from '../pick-defined.js';
import type { Verdict } from '../duplicates/verdict.js';
import type { ImageRecord, Region, SearchPlan } from '../types.js';
import type { Filter } from '../store/filter.js';
import type { Store } from '../store/store.js';
import type { Neighbours } from '../vector-index/vector-index.js';
import type { IndexKeeper } from './index-keeper.js';

/** Where a filtered search turns from scanning the matches to the graph, and back. */
export interface FilterLimits {
  /** Up to this many matching nodes are scanned, without asking the graph. */
  scanNodes: number;
  /** Past this many nodes the graph is given up for a scan. */
  graphNodes: number;
}
const FILTER_LIMITS: FilterLimits = { scanNodes: 20_000, graphNodes: 8192 };
/** First over-fetch through the graph under a filter. */
const FIRST_OVERFETCH = 4;

export interface ImageSearch {
  vector: Float32Array;
  /** Images wanted from the top of the ranking, so offset + k. */
  count: number;
  ef?: number;
  exact?: boolean;
  filter?: Filter;
  /** Ids that are left out: the queries themselves, where they are stored images. */
  exclude: readonly string[];
}

export interface FoundImage {
  record: ImageRecord;
  /** Cosine. */
  score: number;
  /** The part of the image that was found, in its oriented pixels; absent where it is the whole. */
  box?: Region;
  /** What the last ranking stage that looked at this image ordered it by. */
  rankScore?: number;
  /** What it is to the query, as far as that can be told. */
  verdict?: Verdict;
  /** That it and the query are a picture and its edited copy. */
  probability?: number;
}

/** A found image with the node that it has. */
export interface NodeImage extends FoundImage {
  node: number;
}

/** What a ranking of nodes gave, before it is expanded to images. */
interface Found {
  images: NodeImage[];
  plan: SearchPlan;
}

/**
 * The nearest images: nodes from the index, expanded to their images by the store. Never fewer than min(count, matching
 * images): the fetch doubles until enough came or everything was looked at.
 */
export async function searchImages(
  store: Store,
  index: IndexKeeper,
  search: ImageSearch,
  limits: FilterLimits = FILTER_LIMITS,
): Promise<Found> {
  const found = await (search.filter === undefined
    ? searchAll(store, index, search)
    : searchFiltered(store, index, { ...search, filter: search.filter }, limits));
  return { ...found, images: found.images.slice(0, search.count) };
}

async function searchAll(store: Store, index: IndexKeeper, search: ImageSearch): Promise<Found> {
  for (let nodes = search.count + search.exclude.length; ; nodes *= 2) {
    const near = await index.search(search.vector, nodes, graphOptions(search));
    const images = await expand(store, near, search);
    const exhausted = near.nodes.length < nodes;
    if (images.length >= search.count || exhausted)
      return { images, plan: near.nodes.length === 0 ? 'empty' : near.plan };
  }
}

async function searchFiltered(
  store: Store,
  index: IndexKeeper,
  search: ImageSearch & { filter: Filter },
  limits: FilterLimits,
): Promise<Found> {
  const few = await store.nodesMatching(search.filter, limits.scanNodes);
  if (few.complete || search.exact === true)
    return scanMatching(store, index, search, few.complete ? few.nodes : undefined);
  for (let nodes = (search.count + search.exclude.length) * FIRST_OVERFETCH; nodes <= limits.graphNodes; nodes *= 2) {
    const near = await index.search(search.vector, nodes, graphOptions(search));
    const images = await expand(store, near, search);
    if (images.length >= search.count) return { images, plan: `${near.plan}-filtered` };
  }
  return scanMatching(store, index, search, undefined);
}

/** Exact scan over the matching nodes; `nodes` undefined asks the store for all of them. */
async function scanMatching(
  store: Store,
  index: IndexKeeper,
  search: ImageSearch,
  nodes: Uint32Array | undefined,
): Promise<Found> {
  const matching = nodes ?? (await store.nodesMatching(search.filter ?? {}, Number.MAX_SAFE_INTEGER)).nodes;
  const plan = matching.length === 0 ? 'empty' : 'exact-filtered';
  // several nodes may be parts of one image, so that as many nodes as images may not be enough
  for (let nodes = search.count + search.exclude.length; ; nodes *= 2) {
    const near = await index.searchAmong(search.vector, matching, nodes);
    const images = await expand(store, near, search);
    if (images.length >= search.count || near.nodes.length < nodes) return { images, plan };
  }
}

function graphOptions(search: ImageSearch): { ef?: number; exact?: boolean } {
  return pickDefined(search, ['ef', 'exact']);
}

/** @returns the nodes' images by falling score, then rising id; each once, by its best part. */
async function expand(store: Store, near: Neighbours, search: ImageSearch): Promise<NodeImage[]> {
  const scores = new Map<number, number>();
  near.nodes.forEach((node, rank) => scores.set(node, near.similarities[rank]!));
  const limitPerNode = search.count + search.exclude.length;
  const groups = await store.imagesOfNodes(near.nodes, { limitPerNode, ...pickDefined(search, ['filter']) });
  const found = groups
    .flatMap(({ node, images, parts = [] }): NodeImage[] => {
      const score = scores.get(node)!;
      // the whole first: a part that looks the same tells less
      return [...images.map((record) => ({ record, node, score })), ...parts.map((part) => ({ ...part, node, score }))];
    })
    .filter(({ record }) => !search.exclude.includes(record.id))
    .sort((a, b) => b.score - a.score || compareIds(a.record.id, b.record.id));
  return firstOfEach(found);
}

function firstOfEach(images: readonly NodeImage[]): NodeImage[] {
  const seen = new Set<string>();
  return images.filter(({ record }) => {
    const isNew = !seen.has(record.id);
    seen.add(record.id);
    return isNew;
  });
}

/** Order of code units, the same as SQLite's BINARY for ASCII and independent of locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
