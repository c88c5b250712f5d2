import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteSumAp, trapezoidAp } from '../../../engine/evaluate/average-precision.js';

const judged = (positives: number, ...ranks: number[]) => ({ ranks: Uint32Array.from(ranks), positives });

describe('average precision', () => {
  it('adds the precision at each found positive', () => {
    // found at ranks 1, 3, 6 (1-based) of 3 positives: (1/1 + 2/3 + 3/6) / 3 = 13/18
    expect(finiteSumAp(judged(3, 0, 2, 5))).toBeCloseTo(13 / 18, 12);
  });

  it('adds the trapezoids under the curve', () => {
    // 0-based ranks 0, 2, 5: (1 + 1)/2 + (1/2 + 2/3)/2 + (2/5 + 3/6)/2 = 1 + 7/12 + 9/20 = 61/30; a third of it
    expect(trapezoidAp(judged(3, 0, 2, 5))).toBeCloseTo(61 / 90, 12);
  });

  it.each([2, 3, 10])('scores a single positive at rank %i as 1/R and 1/(2R)', (rank) => {
    expect(finiteSumAp(judged(1, rank - 1))).toBeCloseTo(1 / rank, 12);
    expect(trapezoidAp(judged(1, rank - 1))).toBeCloseTo(1 / (2 * rank), 12);
  });

  it('counts positives that were not found', () => {
    // one of two found, at the top: half
    expect(finiteSumAp(judged(2, 0))).toBe(0.5);
    expect(trapezoidAp(judged(2, 0))).toBe(0.5);
    expect(finiteSumAp(judged(2))).toBe(0);
    expect(trapezoidAp(judged(2))).toBe(0);
  });

  it('lies in (0,1], the trapezoid never above the sum, both 1 for a perfect ranking only', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200), { minLength: 1 }), (unsorted) => {
        const ranks = unsorted.sort((a, b) => a - b);
        const [sum, trapezoid] = [
          finiteSumAp(judged(ranks.length, ...ranks)),
          trapezoidAp(judged(ranks.length, ...ranks)),
        ];
        expect(trapezoid).toBeLessThanOrEqual(sum + 1e-12);
        expect(trapezoid > 1 - 1e-9).toBe(ranks.at(-1) === ranks.length - 1);
        expect(sum > 1 - 1e-9).toBe(ranks.at(-1) === ranks.length - 1);
      }),
    );
  });
});
