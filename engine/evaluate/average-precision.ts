/**
 * Two numbers go by the name of average precision, and they differ: a single positive at 1-based rank R > 1 scores 1/R in
 * the one and 1/(2R) in the other. So neither is called "the" AP here.
 */
import type { JudgedRanking } from './judged-ranking.js';

/**
 * Finite-sum AP (scikit-learn, trec_eval): the mean, over all positives, of the precision at each found positive.
 * With 0-based ranks r_1 < .. < r_n: (1/positives) sum_j j / (r_j + 1).
 */
export function finiteSumAp({ ranks, positives }: JudgedRanking): number {
  let sum = 0;
  ranks.forEach((rank, j) => (sum += (j + 1) / (rank + 1)));
  return sum / positives;
}

/**
 * Trapezoid AP (compute_ap of Oxford5k; Holidays and revisited Oxford and Paris use the same): the area under the
 * precision-recall curve with straight lines between its points.
 * (1/positives) sum_j (p0 + p1) / 2 with p0 = (j-1) / r_j (1 where r_j = 0) and p1 = j / (r_j + 1).
 */
export function trapezoidAp({ ranks, positives }: JudgedRanking): number {
  let sum = 0;
  ranks.forEach((rank, j) => {
    const before = rank === 0 ? 1 : j / rank;
    const after = (j + 1) / (rank + 1);
    sum += (before + after) / 2;
  });
  return sum / positives;
}
