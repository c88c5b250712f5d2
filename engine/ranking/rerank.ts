import { diffusionScores } from './diffusion.js';
import { scoreDistinct } from './distinct-rows.js';
import { kReciprocalScores } from './k-reciprocal.js';
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
export function rerank(stage: RerankStage, { query, vectors, relevance }: RerankInput): Float64Array {
  switch (stage.stage) {
    case 'mmr':
      return mmrScores(vectors, relevance, stage.lambda);
    case 'k-reciprocal':
      return scoreDistinct(vectors, query.length, (distinct) => kReciprocalScores(query, distinct, stage));
    case 'diffusion':
      return scoreDistinct(vectors, query.length, (distinct) => diffusionScores(query, distinct, stage));
  }
}
