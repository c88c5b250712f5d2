import type { Label } from './label.js';

/** A stored image near the query. */
export interface Neighbour {
  label: Label;
  /** Cosine with the query. */
  score: number;
}

/**
 * Search-based category prediction (Alibaba 2018, "Visual Search at Alibaba"): the neighbours of a query vote for their
 * labels, each with the weight exp(score / temperature); the weights sum to 1.
 * @returns the share of each label that got a vote
 */
export function voteOfNeighbours(neighbours: readonly Neighbour[], temperature: number): Map<Label, number> {
  const highest = neighbours.reduce((best, { score }) => Math.max(best, score), -Infinity);
  const weights = neighbours.map(({ score }) => Math.exp((score - highest) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = new Map<Label, number>();
  neighbours.forEach(({ label }, i) => shares.set(label, (shares.get(label) ?? 0) + weights[i]! / sum));
  return shares;
}
