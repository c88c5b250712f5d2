import { describe, expect, it } from 'vitest';
import { crow } from '../../../engine/descriptor/crow.js';
import type { FeatureMap } from '../../../engine/types.js';

/** Three channels of 1 x 2 cells: one everywhere, one in the second cell, one nowhere. */
const MAP: FeatureMap = { channels: 3, height: 1, width: 2, data: Float32Array.of(3, 1, 0, 3, 0, 0) };

describe('crow', () => {
  it('weighs cells by activation and channels by rarity', () => {
    // S = (3, 4), |S| = 5; nz = (1, 1/2, 0), their sum 3/2
    const [first, second] = [Math.sqrt(3 / 5), Math.sqrt(4 / 5)];
    const expected = [Math.log(1.5) * (3 * first + second), Math.log(3) * 3 * second, 0];
    expected.forEach((value, k) => expect(crow(MAP)[k]).toBeCloseTo(value, 6));
  });
  it('does not count masked cells', () => {
    // S = (3, 0): only the first channel is active, and what is everywhere tells nothing: log(1) = 0
    expect([...crow(MAP, Float32Array.of(1, 0))]).toEqual([0, 0, 0]);
    expect([...crow(MAP, new Float32Array(2))]).toEqual([0, 0, 0]);
    const alone: FeatureMap = { channels: 2, height: 1, width: 2, data: Float32Array.of(3, 9, 1, 9) };
    const masked = crow(alone, Float32Array.of(1, 0));
    // the cell's weight sqrt(4 / 4) = 1, both channels log 2
    expect(masked[0]).toBeCloseTo(3 * Math.LN2, 6);
    expect(masked[1]).toBeCloseTo(Math.LN2, 6);
  });
});
