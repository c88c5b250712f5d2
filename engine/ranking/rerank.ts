import { mmrScores } from './mmr.js';
import type { RerankStage } from './ranking-stage.js';

/** What a re-ranking stage looks at: the best candidates, in their order. */
export interface RerankInput {
  /** Unit vector [D]: the query, or its expansion. */
  query: Float32Array;
  /** Unit vectors [n, D] row-major. */
  vectors: Float32Array;
  /** What they are ordered by so far [n]. */
  relevance: Float32Array;
}

/** Runs one re-ranking stage. @returns rank scores by position, the better the higher. */
export function rerank(stage: RerankStage, input: RerankInput): Float64Array {
  return mmrScores(input.vectors, input.relevance, stage.lambda);
}
