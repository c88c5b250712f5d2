import type { Candidate } from './candidate.js';
import type { GroupKey } from './group.js';
import type { GeometricStage, RerankStage } from './ranking-stage.js';
import type { RerankInput } from './rerank.js';

/** What a ranking asks of the place where the candidates are. */
export interface RankingPorts<C extends Candidate> {
  /** The `count` nearest to a unit vector [D], by falling similarity, then rising id; fewer only if there are no more. */
  search(vector: Float32Array, count: number): Promise<C[]>;
  /** Vectors [nodes.length, D] of those of the nodes that still exist, in the order asked. */
  vectors(nodes: Uint32Array): Promise<{ nodes: Uint32Array; vectors: Float32Array }>;
  /** @returns the group of each candidate, those that look like a better one being in its group. */
  lookAlikes(candidates: readonly C[]): GroupKey[];
  /** @returns of each candidate how many points agree with the query; 0 for one that cannot be looked at. */
  verify(stage: GeometricStage, candidates: readonly C[]): Promise<ArrayLike<number>>;
  /** See rerank.ts; takes over the input's vectors. */
  rerank(stage: RerankStage, input: RerankInput): Promise<Float64Array>;
}
