import { describe, expect, it } from 'vitest';
import { tailQuantile } from '../../../../engine/duplicates/calibration/tail-quantile.js';

/** Quantiles of the exponential distribution in the middle of `count` equal steps. */
const exponential = (count: number) => Float64Array.from({ length: count }, (_, i) => -Math.log(1 - (i + 0.5) / count));

describe('tailQuantile', () => {
  it('is a plain quantile where the values reach that far', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(tailQuantile(values, 0.05)).toBeCloseTo(95, 9);
    expect(tailQuantile(values, 0.5)).toBeCloseTo(50, 9);
  });

  it('goes on along an exponential tail beyond them: -log(rate)', () => {
    expect(tailQuantile(exponential(10_000), 1e-3)).toBeCloseTo(-Math.log(1e-3), 1);
    expect(tailQuantile(exponential(10_000), 1e-5)).toBeCloseTo(-Math.log(1e-5), 1);
  });

  it('is not lifted by a few values that do not belong there, such as real duplicates', () => {
    const values = exponential(1000);
    values.fill(1000, 997);
    expect(tailQuantile(values, 1e-4)).toBeCloseTo(-Math.log(1e-4), 0);
  });

  it('takes a single value', () => {
    expect(tailQuantile(Float64Array.of(3), 1e-4)).toBe(3);
  });
});
