import { dotOf, rowOf } from './vectors.js';

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): one after the other, the candidate with the greatest
 * lambda * relevance - (1 - lambda) * (its highest cosine with those taken before; 0 for the first).
 * @param vectors unit vectors [relevance.length, dimension] row-major
 * @returns that value at the moment a candidate was taken, by position; it never rises from one taken to the next
 */
export function mmrScores(vectors: Float32Array, relevance: Float32Array, lambda: number): Float64Array {
  const count = relevance.length;
  const dimension = count === 0 ? 0 : vectors.length / count;
  const scores = new Float64Array(count);
  const closest = new Float64Array(count);
  const left = new Set(relevance.keys());
  const valueOf = (position: number) => lambda * relevance[position]! - (1 - lambda) * closest[position]!;
  for (let taken = 0; taken < count; taken++) {
    const best = argMax(left, valueOf);
    scores[best] = valueOf(best);
    left.delete(best);
    for (const other of left) {
      const cosine = dotOf(rowOf(vectors, best, dimension), rowOf(vectors, other, dimension));
      closest[other] = taken === 0 ? cosine : Math.max(closest[other]!, cosine);
    }
  }
  return scores;
}

/** @returns the first position with the greatest value. */
function argMax(positions: Iterable<number>, valueOf: (position: number) => number): number {
  let best = -1;
  let greatest = -Infinity;
  for (const position of positions) {
    const value = valueOf(position);
    if (value > greatest) [best, greatest] = [position, value];
  }
  return best;
}
