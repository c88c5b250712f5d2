import { LikenessError } from '../errors.js';
import { finiteSumAp, trapezoidAp } from './average-precision.js';
import type { JudgedRanking } from './judged-ranking.js';

/** One number per query; a system's number is the mean over the queries that have a positive. */
export interface Metric {
  /** How it is asked for: `ap`, `precision@10`. */
  name: string;
  /** How it is printed, saying which of its namesakes it is. */
  label: string;
  /** The best value. */
  max: number;
  compute(judged: JudgedRanking): number;
}

/**
 * mP@k as revisited Oxford and Paris define it (Radenovic 2018): precision in the first kq = min(rank of the last
 * positive, k), so that a query with fewer than k positives can still reach 1.
 */
export function precisionAtK({ ranks }: JudgedRanking, k: number): number {
  const last = ranks.at(-1);
  if (last === undefined) return 0;
  const depth = Math.min(last + 1, k);
  return countBelow(ranks, depth) / depth;
}

/** R@k of metric learning: 1 where any positive is among the first k. */
export function recallHitAtK({ ranks }: JudgedRanking, k: number): number {
  return countBelow(ranks, k) > 0 ? 1 : 0;
}

/** Recall in the first k in the plain sense: positives found / all positives. */
export function recallFoundAtK({ ranks, positives }: JudgedRanking, k: number): number {
  return countBelow(ranks, k) / positives;
}

/**
 * nDCG@k with right (1) and wrong (0): DCG = sum (2^rel - 1) / log2(i + 1) over 1-based ranks i <= k, divided by the DCG of
 * the best possible order.
 */
export function ndcgAtK({ ranks, positives }: JudgedRanking, k: number): number {
  let dcg = 0;
  for (const rank of ranks) if (rank < k) dcg += discount(rank);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(k, positives); rank++) ideal += discount(rank);
  return dcg / ideal;
}

/** N-S of UKBench (Nister & Stewenius 2006): how many of the group's four are in the first four; 4 is perfect. */
export function nisterStewenius({ ranks }: JudgedRanking): number {
  return countBelow(ranks, 4);
}

const PLAIN: Record<string, Metric> = {
  ap: { name: 'ap', label: 'mAP (finite sum)', max: 1, compute: finiteSumAp },
  'ap-trapezoid': { name: 'ap-trapezoid', label: 'mAP (trapezoid)', max: 1, compute: trapezoidAp },
  ns: { name: 'ns', label: 'N-S', max: 4, compute: nisterStewenius },
};

const AT_K: Record<string, { label: (k: number) => string; compute: (judged: JudgedRanking, k: number) => number }> = {
  precision: { label: (k) => `mP@${k} (kq rule)`, compute: precisionAtK },
  'recall-hit': { label: (k) => `R@${k} (hit)`, compute: recallHitAtK },
  'recall-found': { label: (k) => `R@${k} (found/total)`, compute: recallFoundAtK },
  ndcg: { label: (k) => `nDCG@${k}`, compute: ndcgAtK },
};

/** The names that {@link parseMetric} takes, k standing for a number. */
export const METRIC_NAMES: readonly string[] = [...Object.keys(PLAIN), ...Object.keys(AT_K).map((name) => `${name}@k`)];

/**
 * @returns the metric of that name, as `ap` or `precision@10`.
 * @throws invalid_request for a name that is none of {@link METRIC_NAMES}.
 */
export function parseMetric(name: string): Metric {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name]!;
  const [, family = '', digits = ''] = /^([a-z-]+)@([1-9]\d{0,6})$/.exec(name) ?? [];
  if (!Object.hasOwn(AT_K, family)) {
    throw new LikenessError('invalid_request', `expected a metric of ${METRIC_NAMES.join(', ')}, got ${name}`);
  }
  const k = Number(digits);
  const { label, compute } = AT_K[family]!;
  return { name, label: label(k), max: 1, compute: (judged) => compute(judged, k) };
}

function countBelow(ascending: Uint32Array, limit: number): number {
  let count = 0;
  while (count < ascending.length && ascending[count]! < limit) count += 1;
  return count;
}

/** @param rank 0-based, so the 1-based i + 1 of the formula is rank + 2. */
function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}
