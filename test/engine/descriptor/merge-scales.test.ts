import { describe, expect, it } from 'vitest';
import { mergeScales } from '../../../engine/descriptor/merge-scales.js';
import type { ChainStage } from '../../../engine/model/chain-stage.js';

const L2: ChainStage = { stage: 'l2' };
const PROJECTION: ChainStage = { stage: 'projection', file: 'p.f32', sha256: '0'.repeat(64), inputs: 2, outputs: 2 };
const gem = (p: number | number[]): ChainStage => ({ stage: 'gem', p, eps: 1e-6 });
const DESCRIPTORS = [Float32Array.of(0.6, 0.8), Float32Array.of(1, 0)];

function expectDirection(actual: Float32Array, [x, y]: [number, number]): void {
  expect(actual[0]).toBeCloseTo(x / Math.hypot(x, y), 6);
  expect(actual[1]).toBeCloseTo(y / Math.hypot(x, y), 6);
}

describe('mergeScales', () => {
  it('is the only descriptor itself', () => {
    expect(mergeScales([DESCRIPTORS[0]!], [gem(3), L2])).toBe(DESCRIPTORS[0]);
  });
  it('is the power mean of gem', () => {
    const expected = [((0.6 ** 3 + 1) / 2) ** (1 / 3), (0.8 ** 3 / 2) ** (1 / 3)] as [number, number];
    expectDirection(mergeScales(DESCRIPTORS, [gem(3), L2]), expected);
  });
  it('takes the exponent of each channel', () => {
    const expected = [((0.36 + 1) / 2) ** 0.5, 0.4] as [number, number];
    expectDirection(mergeScales(DESCRIPTORS, [gem([2, 1]), L2]), expected);
  });
  it.each([[[{ stage: 'spoc' }, L2]], [[gem(3), L2, PROJECTION, L2]]] as [ChainStage[]][])(
    'is the mean where values may be negative, or are not of gem',
    (stages) => expectDirection(mergeScales(DESCRIPTORS, stages), [0.8, 0.4]),
  );
  it('refuses what cancels out', () => {
    expect(() => mergeScales([Float32Array.of(1, 0), Float32Array.of(-1, 0)], [gem(3), L2, PROJECTION, L2])).toThrow(
      'is zero',
    );
  });
});
