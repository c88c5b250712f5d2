import type { Timings } from '../types.js';
import { orderByRankScore, relevanceOf, withoutRankScore, type Candidate } from './candidate.js';
import { geometricScores } from './geometric.js';
import { fieldGroups, keepBestOfGroups, type GroupKey } from './group.js';
import { metadataScores } from './metadata-fusion.js';
import { expandQuery } from './query-expansion.js';
import type { RankingPorts } from './ranking-ports.js';
import type { ExpansionStage, GeometricStage, GroupStage, RankingStage, RerankStage } from './ranking-stage.js';
import { rowOf } from './vectors.js';

/** Several images may have one descriptor: so many are looked through for each distinct neighbour. */
const IMAGES_PER_NEIGHBOUR = 4;

/** One pass through the stages of a ranking. */
export class RankingRun<C extends Candidate> {
  /** The last search found all that there is. */
  isExhausted = false;
  readonly #stages: readonly RankingStage[];
  readonly #count: number;
  readonly #ports: RankingPorts<C>;
  readonly #timings: Timings;
  /** Unit vector [D]: the query, or its expansion. */
  #query: Float32Array;
  #candidates: C[] = [];

  /** @param timings milliseconds by stage, added to what is there */
  constructor(
    { query, stages, count }: { query: Float32Array; stages: readonly RankingStage[]; count: number },
    ports: RankingPorts<C>,
    timings: Timings,
  ) {
    this.#query = query;
    this.#stages = stages;
    this.#count = count;
    this.#ports = ports;
    this.#timings = timings;
  }

  /** @returns at least `count` candidates, if there are so many and no stage drops them. */
  async run(): Promise<C[]> {
    await this.#timed('search', () => this.#search(this.#query));
    for (const stage of this.#stages) await this.#timed(stage.stage, () => this.#runStage(stage));
    return this.#candidates;
  }

  async #runStage(stage: RankingStage): Promise<void> {
    switch (stage.stage) {
      case 'average-qe':
      case 'alpha-qe':
        return this.#expand(stage);
      case 'geometric':
        return this.#verify(stage);
      case 'metadata':
        this.#reorder(metadataScores(this.#candidates.slice(0, stage.topN), stage.weights));
        return;
      case 'group':
        this.#candidates = keepBestOfGroups(this.#candidates, this.#groupsOf(stage), stage.limit);
        return;
      default:
        return this.#rerank(stage);
    }
  }

  /**
   * The search for what the stages look at is the same whatever `count` is; what is wanted beyond it is fetched apart
   * and goes below. One search for all might find others at the top (a graph search does).
   */
  async #search(vector: Float32Array): Promise<void> {
    const depth = depthOf(this.#stages);
    const top = await this.#ports.search(vector, depth === 0 ? this.#count : depth);
    this.#candidates = top;
    this.isExhausted = top.length < Math.max(depth, this.#count);
    if (depth === 0 || this.#count <= depth || top.length < depth) return;
    const known = new Set(top.map(({ id }) => id));
    const all = await this.#ports.search(vector, this.#count);
    this.isExhausted = all.length < this.#count;
    this.#candidates = [...top, ...all.filter(({ id }) => !known.has(id))];
  }

  async #expand(stage: ExpansionStage): Promise<void> {
    const near = this.#candidates.slice(0, depthOf([stage]));
    const nearest = [...new Set(near.map(({ node }) => node))].slice(0, stage.n);
    const { vectors } = await this.#ports.vectors(Uint32Array.from(nearest));
    const expanded = expandQuery(this.#query, vectors, stage);
    if (expanded === undefined) return;
    this.#query = expanded;
    await this.#search(expanded);
    this.#candidates = this.#candidates.map((candidate) => ({ ...candidate, rankScore: candidate.similarity }));
  }

  async #rerank(stage: RerankStage): Promise<void> {
    const vectors = await this.#vectorsOfTop(stage.topN);
    const top = this.#candidates.slice(0, vectors.length / this.#query.length);
    const relevance = Float32Array.from(top, relevanceOf);
    this.#reorder(await this.#ports.rerank(stage, { query: this.#query, vectors, relevance }));
  }

  async #verify(stage: GeometricStage): Promise<void> {
    const top = this.#candidates.slice(0, stage.topN);
    const inliers = await this.#ports.verify(stage, top);
    this.#reorder(geometricScores(inliers, top.map(relevanceOf), stage.minInliers));
  }

  #groupsOf({ field }: GroupStage): GroupKey[] {
    return field === undefined ? this.#ports.lookAlikes(this.#candidates) : fieldGroups(this.#candidates, field);
  }

  /** @returns vectors [n, D] of the best topN; a candidate that was deleted since the search is dropped. */
  async #vectorsOfTop(topN: number): Promise<Float32Array> {
    const wanted = new Set(this.#candidates.slice(0, topN).map(({ node }) => node));
    const page = await this.#ports.vectors(Uint32Array.from(wanted));
    const rows = new Map(Array.from(page.nodes, (node, row) => [node, row]));
    const top = this.#candidates.slice(0, topN).filter(({ node }) => rows.has(node));
    this.#candidates = [...top, ...this.#candidates.slice(topN)];
    const dimension = this.#query.length;
    const vectors = new Float32Array(top.length * dimension);
    top.forEach(({ node }, i) => vectors.set(rowOf(page.vectors, rows.get(node)!, dimension), i * dimension));
    return vectors;
  }

  /** Orders the best anew, as many as there are scores; the rest keep their order below, without a rank score. */
  #reorder(rankScores: Float64Array): void {
    const top = orderByRankScore(this.#candidates.slice(0, rankScores.length), rankScores);
    this.#candidates = [...top, ...this.#candidates.slice(rankScores.length).map(withoutRankScore)];
  }

  async #timed(name: string, task: () => void | Promise<void>): Promise<void> {
    const started = performance.now();
    await task();
    this.#timings[name] = (this.#timings[name] ?? 0) + performance.now() - started;
  }
}

/** @returns how many of the best the stages look at. */
function depthOf(stages: readonly RankingStage[]): number {
  return Math.max(0, ...stages.map(depthOfStage));
}

function depthOfStage(stage: RankingStage): number {
  if ('topN' in stage) return stage.topN;
  return 'n' in stage ? stage.n * IMAGES_PER_NEIGHBOUR : 0;
}
