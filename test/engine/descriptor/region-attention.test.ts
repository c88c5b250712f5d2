import { describe, expect, it } from 'vitest';
import { activationAttention, learnedAttention } from '../../../engine/descriptor/region-attention.js';
import type { FeatureMap } from '../../../engine/types.js';
import { thrownBy } from '../model/fixtures.js';

/** Two channels of 1 x 2 cells: (1, 3) and (2, 0). */
const MAP: FeatureMap = { channels: 2, height: 1, width: 2, data: Float32Array.of(1, 2, 3, 0) };
const LEFT = { x: 0, y: 0, width: 1, height: 1 };
const BOTH = { x: 0, y: 0, width: 2, height: 1 };

describe('activationAttention', () => {
  it("is the region's share of the activation", () => {
    expect(activationAttention(MAP, [LEFT, BOTH])).toEqual([4 / 6, 1]);
  });
  it('does not count masked cells', () => {
    expect(activationAttention(MAP, [LEFT, BOTH], Float32Array.of(0.5, 1))).toEqual([0.5, 1]);
    expect(activationAttention(MAP, [LEFT], new Float32Array(2))).toEqual([0]);
  });
});

describe('learnedAttention', () => {
  const softplus = (x: number) => Math.log(1 + Math.exp(x));
  /** Two hidden units: W1 [2, 4], b1 [2], w2 [2], b2 [1]. */
  const VALUES = Float32Array.of(1, 0, 0, 0, 0, 0.5, -1, 2, 0.25, -0.5, 2, -1, 0.125);

  it('is softplus(w2 . tanh(W1 [region; map] + b1) + b2)', () => {
    const [left, both] = learnedAttention(VALUES, 2, 2, 'a.f32')(MAP, [LEFT, BOTH]);
    // the left cell is (1, 3), the mean of the map (1.5, 1.5)
    const leftSum = 2 * Math.tanh(1 + 0.25) - Math.tanh(1.5 - 1.5 + 3 - 0.5) + 0.125;
    const bothSum = 2 * Math.tanh(1.5 + 0.25) - Math.tanh(0.75 - 1.5 + 3 - 0.5) + 0.125;
    expect(left).toBeCloseTo(softplus(leftSum), 5);
    expect(both).toBeCloseTo(softplus(bothSum), 5);
  });
  it('does not overflow', () => {
    const huge = VALUES.map((value, i) => (i === 12 ? 1000 : value));
    expect(learnedAttention(huge, 2, 2, 'a.f32')(MAP, [LEFT])[0]).toBeCloseTo(1000, -1);
  });
  it('refuses another number of values', async () => {
    const error = await thrownBy(() => learnedAttention(new Float32Array(12), 2, 2, 'a.f32'));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toBe('a.f32: expected 13 values (2 x 4, 2, 2 and 1), got 12');
  });
});
