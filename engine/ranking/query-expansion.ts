import type { ExpansionStage } from './ranking-stage.js';
import { dotOf, rowOf, toUnit } from './vectors.js';

/**
 * Query expansion: q' = l2(q + sum_i w_i x_i) over the neighbours at least as similar as the stage's floor. w_i is 1
 * (average query expansion, Chum et al. 2007) or max(0, q . x_i)^alpha (alpha query expansion, Radenovic et al. 2018).
 * @param query unit vector [D]
 * @param neighbours unit vectors [n, D] row-major, nearest first
 * @returns a unit vector, or undefined where no neighbour counts: the query is as it was
 */
export function expandQuery(
  query: Float32Array,
  neighbours: Float32Array,
  stage: ExpansionStage,
): Float32Array | undefined {
  const sum = Float64Array.from(query);
  let isExpanded = false;
  for (let row = 0; row * query.length < neighbours.length; row++) {
    const neighbour = rowOf(neighbours, row, query.length);
    const similarity = dotOf(query, neighbour);
    const weight = similarity < stage.floor ? 0 : weightOf(similarity, stage);
    if (weight === 0) continue;
    isExpanded = true;
    neighbour.forEach((value, i) => (sum[i] = sum[i]! + weight * value));
  }
  return isExpanded ? toUnit(sum) : undefined;
}

function weightOf(similarity: number, stage: ExpansionStage): number {
  return stage.stage === 'average-qe' ? 1 : Math.max(0, similarity) ** stage.alpha;
}
