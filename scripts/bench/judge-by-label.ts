import type { JudgedRanking } from '../../engine/evaluate/judged-ranking.js';

/**
 * Judges a ranking of all others: right is what has the label asked for.
 * @param order positions in `items`, best first, the query's own left out
 */
export function judgeByLabel(
  order: readonly number[],
  items: readonly { label: string }[],
  label: string,
): JudgedRanking {
  const ranks = order.flatMap((position, rank) => (items[position]!.label === label ? [rank] : []));
  return { ranks: Uint32Array.from(ranks), positives: ranks.length };
}
