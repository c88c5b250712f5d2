import type { Judgement } from '../../duplicates/pair-model.js';
import { mapConcurrently } from '../../map-concurrently.js';

/** So many common key points are no chance: see docs/retrieval.md for how often pictures of the same kind have them. */
const MIN_INLIERS = 12;
/** One picture is decoded while the thread works on another. */
const CONCURRENCY = 3;

/** @returns how many key points of two stored images agree on one map; 0 where that cannot be told. */
export type CountInliers = (a: string, b: string) => Promise<number>;

/** What key points said of a pair; absent where they were not looked at or said nothing. */
export interface Verified {
  inliers?: number;
}

/**
 * Pairs that descriptor and hash leave in doubt become near-duplicates where enough key points agree, as those of a picture
 * and a part cut out of it do; all others stay as they were judged.
 * @param idsOf one image of each side of a pair
 */
export function verifyDoubtful<T extends Judgement>(
  pairs: readonly T[],
  idsOf: (pair: T) => readonly [string, string],
  { inliers: count, signal }: { inliers: CountInliers; signal: AbortSignal },
): Promise<(T & Verified)[]> {
  return mapConcurrently(pairs, CONCURRENCY, async (pair) => {
    if (pair.verdict !== 'similar') return pair;
    signal.throwIfAborted();
    const inliers = await count(...idsOf(pair));
    return inliers < MIN_INLIERS ? pair : { ...pair, verdict: 'near-duplicate', inliers };
  });
}
