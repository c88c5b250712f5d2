import type { JudgedRanking } from './judged-ranking.js';

/** Recall levels of a curve: 0, 0.01 .. 1. */
export const RECALL_LEVELS = 101;

/**
 * Interpolated precision of one query at {@link RECALL_LEVELS} even recall levels: the best precision at that recall or any
 * higher one. (The usual interpolation: raw precision saws up and down and cannot be averaged over queries.)
 */
export function precisionRecallCurve({ ranks, positives }: JudgedRanking): Float64Array {
  const curve = new Float64Array(RECALL_LEVELS);
  let best = 0;
  let level = RECALL_LEVELS - 1;
  for (let found = ranks.length; found > 0; found--) {
    // levels above found / positives are reached by later positives only
    const reached = Math.floor(((RECALL_LEVELS - 1) * found) / positives);
    for (; level > reached; level--) curve[level] = best;
    best = Math.max(best, found / (ranks[found - 1]! + 1));
  }
  for (; level >= 0; level--) curve[level] = best;
  return curve;
}

/** @returns the mean of the queries' curves, level by level; zeros where there is no query. */
export function meanCurve(judged: readonly JudgedRanking[]): number[] {
  const sum = new Float64Array(RECALL_LEVELS);
  for (const one of judged) precisionRecallCurve(one).forEach((precision, level) => (sum[level]! += precision));
  return Array.from(sum, (total) => total / Math.max(1, judged.length));
}
