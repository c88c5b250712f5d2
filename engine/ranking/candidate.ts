import type { Metadata } from '../types.js';

/** An image on its way through a ranking. */
export interface Candidate {
  id: string;
  /** The descriptor that it has, see store.ts. */
  node: number;
  /** Cosine with the query as it was asked. No stage changes it. */
  score: number;
  /** Cosine with the vector that was last searched by: the query, or its expansion. */
  similarity: number;
  /** What the last stage that looked at this image ordered it by; higher is better. */
  rankScore?: number;
  metadata: Metadata;
}

/** @returns what an image is ordered by so far. */
export function relevanceOf({ rankScore, score }: Pick<Candidate, 'rankScore' | 'score'>): number {
  return rankScore ?? score;
}

/**
 * @param rankScores by position in the list; the better the higher
 * @returns the candidates by falling rank score. Equal ones stay in the order in which they were, which is by score and
 * then by id.
 */
export function orderByRankScore<C extends Candidate>(candidates: readonly C[], rankScores: ArrayLike<number>): C[] {
  return candidates
    .map((candidate, position) => ({ ...candidate, rankScore: rankScores[position]! }))
    .sort((a, b) => b.rankScore - a.rankScore);
}

/** @returns the candidate as no stage had looked at it. */
export function withoutRankScore<C extends Candidate>(candidate: C): C {
  const { rankScore, ...plain } = candidate;
  return plain as C;
}
