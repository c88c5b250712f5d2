import { describe, expect, it } from 'vitest';
import { centrePrior } from '../../../engine/descriptor/centre-prior.js';

describe('centrePrior', () => {
  it('falls off from the centre, a third of the way to the nearest border being one deviation', () => {
    // 6 x 12 cells: the nearest border is 3 cells away, so s = 1; cell (3, 6) lies half a cell from the centre each way
    const prior = centrePrior(6, 12);
    expect(prior[3 * 12 + 6]).toBeCloseTo(Math.exp(-0.25), 6);
    expect(prior[3 * 12 + 7]).toBeCloseTo(Math.exp(-(0.25 + 2.25) / 2), 6);
  });
  it('is 1 in the middle of odd sides, and the same when mirrored', () => {
    const prior = centrePrior(7, 7);
    expect(prior[3 * 7 + 3]).toBe(1);
    expect([...prior].reverse()).toEqual([...prior]);
  });
});
