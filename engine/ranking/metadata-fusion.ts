import { relevanceOf, type Candidate } from './candidate.js';

/**
 * Adds facts to similarity, as a shop ranks by sales and price: relevance + sum_f weight_f * v_f, where v_f is the field's
 * value scaled to 0..1 over the candidates. A candidate without a number in the field has the worse end of the range.
 * @returns rank scores by position
 */
export function metadataScores(candidates: readonly Candidate[], weights: Record<string, number>): Float64Array {
  const scores = Float64Array.from(candidates, relevanceOf);
  for (const [field, weight] of Object.entries(weights)) {
    const values = candidates.map(({ metadata }) => numberOf(metadata[field]));
    const known = values.filter((value) => value !== undefined);
    const lowest = Math.min(...known);
    const range = Math.max(...known) - lowest;
    const worst = weight < 0 ? 1 : 0;
    values.forEach((value, position) => {
      const scaled = value === undefined ? worst : range === 0 ? 0 : (value - lowest) / range;
      scores[position] = scores[position]! + weight * scaled;
    });
  }
  return scores;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
