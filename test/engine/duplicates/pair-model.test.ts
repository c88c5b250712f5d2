import { describe, expect, it } from 'vitest';
import { judgePair, pairFeatures, pairLogit, type PairModel } from '../../../engine/duplicates/pair-model.js';
import { isAtLeast, VERDICTS } from '../../../engine/duplicates/verdict.js';

/** logit = 10 cosine - 5 - 8 distance; without hashes 10 cosine - 8. */
const MODEL: PairModel = {
  withHash: { bias: -5, weights: [10, -8, 0] },
  cosineOnly: { bias: -8, weights: [10] },
  minLogit: { withHash: 1, cosineOnly: 0 },
  similarCosine: 0.6,
};
const pair = (cosine: number, hashDistance?: number) => ({
  cosine,
  hashDistance,
  sameContent: false,
  sameHash: hashDistance === 0,
});

describe('judgePair', () => {
  it('calls the same bytes identical, and so the same descriptor with the same hash', () => {
    const identical = { verdict: 'identical', probability: 1 };
    expect(judgePair({ ...pair(0.3, 40), sameContent: true }, undefined)).toEqual(identical);
    expect(judgePair(pair(0.9999999, 0), undefined)).toEqual(identical);
    expect(judgePair(pair(0.9999, 0), undefined)).toBeUndefined();
    // mirrored: the distance is 0, the hash is another
    expect(judgePair({ ...pair(1, 0), sameHash: false }, MODEL)).toMatchObject({ verdict: 'near-duplicate' });
  });

  it('calls a pair a near-duplicate from the least logit on, which is another without hashes', () => {
    // logit 10 * 0.8 - 5 - 8 * 16 / 64 = 1, the least that counts
    expect(judgePair(pair(0.8, 16), MODEL)).toEqual({ verdict: 'near-duplicate', probability: 1 / (1 + Math.exp(-1)) });
    // logit 0.5: more likely than not, and yet below the least
    expect(judgePair(pair(0.75, 16), MODEL)).toMatchObject({ verdict: 'similar' });
    expect(judgePair(pair(0.801), MODEL)?.verdict).toBe('near-duplicate');
    expect(judgePair(pair(0.75), MODEL)?.verdict).toBe('similar');
  });

  it('tells similar from weak by the cosine alone', () => {
    expect(judgePair(pair(0.6, 40), MODEL)?.verdict).toBe('similar');
    expect(judgePair(pair(0.59, 40), MODEL)?.verdict).toBe('weak');
  });
});

describe('the model of pairs', () => {
  it('looks at cosine, distance as a share of the bits, and their product', () => {
    expect(pairFeatures(0.5, 32)).toEqual([0.5, 0.5, 0.25]);
    expect(pairFeatures(0.5, undefined)).toEqual([0.5]);
  });

  it('has the margin above the least that counts', () => {
    expect(pairLogit(MODEL, 0.9, 0)).toEqual({ logit: 4, margin: 3 });
    expect(pairLogit(MODEL, 0.9, undefined)).toEqual({ logit: 1, margin: 1 });
  });
});

describe('verdicts', () => {
  it('are ordered from the loosest to the strictest', () => {
    expect(VERDICTS.map((verdict) => isAtLeast(verdict, 'similar'))).toEqual([false, true, true, true]);
  });
});
