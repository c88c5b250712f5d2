import { describe, expect, it } from 'vitest';
import { bootstrapMean, pairedDifference, percentile } from '../../../engine/evaluate/bootstrap.js';
import { seededRandom } from '../../../engine/seeded-random.js';

const options = { resamples: 2000, seed: 1, confidence: 0.95 };
const half = Array.from({ length: 100 }, (_, i) => i % 2);

describe('bootstrap', () => {
  it('gives the interval that theory gives for a hundred coin tosses', () => {
    // standard error of the mean: sqrt(0.25 / 100) = 0.05, so 0.5 -+ 1.96 * 0.05 = 0.402 .. 0.598
    const { mean, low, high } = bootstrapMean(half, options);
    expect(mean).toBe(0.5);
    expect(low).toBeGreaterThan(0.38);
    expect(low).toBeLessThan(0.42);
    expect(high).toBeGreaterThan(0.58);
    expect(high).toBeLessThan(0.62);
  });

  it('narrows with less confidence', () => {
    // 50 %: 0.5 -+ 0.674 * 0.05
    const { low, high } = bootstrapMean(half, { ...options, confidence: 0.5 });
    expect(high - low).toBeGreaterThan(0.05);
    expect(high - low).toBeLessThan(0.09);
  });

  it('is the same for the same seed and another for another', () => {
    const values = Array.from({ length: 37 }, (_, i) => Math.sin(i));
    expect(bootstrapMean(values, options)).toEqual(bootstrapMean(values, options));
    expect(bootstrapMean(values, options)).not.toEqual(bootstrapMean(values, { ...options, seed: 2 }));
  });

  it('pairs queries: a constant gain is certain, however hard the queries vary', () => {
    const better = half.map((value) => value + 0.25);
    expect(pairedDifference(better, half, options)).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    expect(() => pairedDifference([1], [1, 2], options)).toThrow('expected the same queries, got 1 and 2');
  });

  it('refuses to average nothing', () => {
    expect(() => bootstrapMean([], options)).toThrow('expected at least one query with a positive');
  });

  it('interpolates percentiles', () => {
    // places 0..3: 0.5 is half way between the second and third
    const values = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.5, 1].map((fraction) => percentile(values, fraction))).toEqual([1, 3, 8]);
    expect(percentile(values, 0.9)).toBeCloseTo(6.8, 12);
  });

  it('draws evenly from [0,1), from seed 0 and -1 too', () => {
    for (const seed of [0, -1, 1, 12345]) {
      const random = seededRandom(seed);
      const counts = new Uint32Array(4);
      for (let i = 0; i < 4000; i++) counts[Math.floor(random() * 4)]! += 1;
      expect(Math.min(...counts)).toBeGreaterThan(880);
      expect(Math.max(...counts)).toBeLessThan(1120);
    }
  });
});
