import type { KReciprocalStage } from './ranking-stage.js';
import { cosineMatrix, rowOf } from './vectors.js';

/**
 * k-reciprocal re-ranking (Zhong et al. 2017) among the query and the candidates: two are near if they have the same
 * neighbours, where a neighbour is one that has them among its own k1 nearest too. The distance is
 * (1 - lambda) * Jaccard + lambda * original, the original being the squared distance over the greatest of its row.
 * @param query unit vector [D]
 * @param vectors unit vectors of the candidates [n, D] row-major, none twice
 * @returns 1 - that distance, by position
 */
export function kReciprocalScores(
  query: Float32Array,
  vectors: Float32Array,
  { k1, k2, lambda }: Pick<KReciprocalStage, 'k1' | 'k2' | 'lambda'>,
): Float64Array {
  const count = vectors.length / query.length + 1;
  const distances = scaledDistances(cosineMatrix(query, vectors), count);
  const nearest = neighbourLists(distances, count, Math.max(k1 + 1, k2));
  const sharp = memberships(distances, nearest, k1);
  const soft = meanOfNeighbours(sharp, nearest, k2);
  const jaccard = jaccardDistances(soft, count);
  return Float64Array.from({ length: count - 1 }, (_, position) => {
    const item = position + 1;
    return 1 - ((1 - lambda) * jaccard[item]! + lambda * distances[item]!);
  });
}

/** @returns squared distances [count, count], each row over its greatest. */
function scaledDistances(cosines: Float64Array, count: number): Float64Array {
  const distances = cosines.map((cosine) => Math.max(0, 2 - 2 * cosine));
  for (let row = 0; row < count; row++) {
    const ofRow = rowOf(distances, row, count);
    const greatest = ofRow.reduce((most, distance) => Math.max(most, distance), 0);
    if (greatest > 0) ofRow.forEach((distance, i) => (ofRow[i] = distance / greatest));
  }
  return distances;
}

/** @returns for each item the `length` nearest: itself, then the others by rising distance, equal ones by position. */
function neighbourLists(distances: Float64Array, count: number, length: number): Uint32Array[] {
  return Array.from({ length: count }, (_, item) => {
    const ofItem = rowOf(distances, item, count);
    const others = Uint32Array.from({ length: count - 1 }, (_, i) => (i < item ? i : i + 1));
    others.sort((a, b) => ofItem[a]! - ofItem[b]! || a - b);
    return Uint32Array.of(item, ...others.subarray(0, length - 1));
  });
}

/** @returns R(item, k): those of its k nearest, and itself, that have it among theirs. */
function reciprocal(nearest: readonly Uint32Array[], item: number, k: number): Uint32Array {
  return nearest[item]!.subarray(0, k + 1).filter((other) => nearest[other]!.subarray(0, k + 1).includes(item));
}

/** @returns R*(item, k1): R(item, k1) with each R(j, k1 / 2) of its members j that lies in it for more than two thirds. */
function expandedReciprocal(nearest: readonly Uint32Array[], item: number, k1: number): Set<number> {
  const own = new Set(reciprocal(nearest, item, k1));
  const expanded = new Set(own);
  for (const member of own) {
    const half = reciprocal(nearest, member, Math.round(k1 / 2));
    const shared = half.filter((other) => own.has(other)).length;
    if (shared > (2 / 3) * half.length) half.forEach((other) => expanded.add(other));
  }
  return expanded;
}

/** @returns V [count] of [count]: exp(-distance) to the members of R*(item, k1), of sum 1; 0 to the others. */
function memberships(distances: Float64Array, nearest: readonly Uint32Array[], k1: number): Float64Array[] {
  const count = nearest.length;
  return nearest.map((_, item) => {
    const weights = new Float64Array(count);
    let sum = 0;
    for (const member of expandedReciprocal(nearest, item, k1)) {
      weights[member] = Math.exp(-distances[item * count + member]!);
      sum += weights[member];
    }
    return weights.map((weight) => weight / sum);
  });
}

/** @returns each row as the mean of the rows of its k2 nearest, itself among them. */
function meanOfNeighbours(rows: readonly Float64Array[], nearest: readonly Uint32Array[], k2: number): Float64Array[] {
  return nearest.map((list) => {
    const near = list.subarray(0, k2);
    const mean = new Float64Array(rows.length);
    for (const other of near) rows[other]!.forEach((value, i) => (mean[i] = mean[i]! + value / near.length));
    return mean;
  });
}

/** @returns the query's (row 0) Jaccard distance to each: 1 - sum min / sum max, of rows of sum 1. */
function jaccardDistances(rows: readonly Float64Array[], count: number): Float64Array {
  const ofQuery = rows[0]!;
  return Float64Array.from({ length: count }, (_, item) => {
    const shared = rows[item]!.reduce((sum, value, i) => sum + Math.min(value, ofQuery[i]!), 0);
    return 1 - shared / (2 - shared);
  });
}
