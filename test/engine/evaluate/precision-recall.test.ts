import { describe, expect, it } from 'vitest';
import { meanCurve, precisionRecallCurve } from '../../../engine/evaluate/precision-recall.js';

const judged = (positives: number, ...ranks: number[]) => ({ ranks: Uint32Array.from(ranks), positives });

describe('precision-recall curve', () => {
  it('takes the best precision at that recall or any higher', () => {
    // 1-based ranks 2, 3 of 4: precision 1/2 at recall 1/4, 2/3 at 1/2; the later one lifts the earlier
    const curve = precisionRecallCurve(judged(4, 1, 2));
    expect(curve[0]).toBeCloseTo(2 / 3, 12);
    expect(curve[25]).toBeCloseTo(2 / 3, 12);
    expect(curve[50]).toBeCloseTo(2 / 3, 12);
    expect(curve[51]).toBe(0);
  });

  it('steps down where recall is reached', () => {
    // 1-based ranks 1, 4 of 2: precision 1 up to recall 1/2, then 2/4
    const curve = precisionRecallCurve(judged(2, 0, 3));
    expect([curve[0], curve[50], curve[51], curve[100]]).toEqual([1, 1, 0.5, 0.5]);
  });

  it('keeps exact levels for counts that are no power of two', () => {
    // the level reached is 100 * found / positives, and that is exact where it is whole: 29 / 100 alone would fall short
    expect(precisionRecallCurve(judged(3, 0, 1, 2))[100]).toBe(1);
    expect(precisionRecallCurve(judged(100, ...Array.from({ length: 29 }, (_, i) => i)))[29]).toBe(1);
  });

  it('averages level by level', () => {
    const curve = meanCurve([judged(1, 0), judged(1, 3)]);
    expect(curve).toHaveLength(101);
    expect(curve.every((value) => value === 0.625)).toBe(true);
    expect(meanCurve([]).every((value) => value === 0)).toBe(true);
  });
});
