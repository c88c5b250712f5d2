/** What is left of a ranking once it has been judged: all that a metric needs. */
export interface JudgedRanking {
  /** 0-based ranks of the found positives, ascending, junk taken out before counting. */
  ranks: Uint32Array;
  /** All positives of the query, found or not. */
  positives: number;
}

/**
 * Judges one ranking.
 * @param ids gallery ids, best first
 * @param relevant right answers; those that are junk too do not count
 * @param junk ids taken out of the ranking
 */
export function judgeRanking(
  ids: Iterable<string>,
  relevant: ReadonlySet<string>,
  junk: ReadonlySet<string>,
): JudgedRanking {
  const ranks: number[] = [];
  let rank = 0;
  for (const id of ids) {
    if (junk.has(id)) continue;
    if (relevant.has(id)) ranks.push(rank);
    rank += 1;
  }
  return { ranks: Uint32Array.from(ranks), positives: countPositives(relevant, junk) };
}

/** @returns how many ids are relevant and not junk. */
export function countPositives(relevant: ReadonlySet<string>, junk: ReadonlySet<string>): number {
  let positives = relevant.size;
  for (const id of junk) if (relevant.has(id)) positives -= 1;
  return positives;
}
