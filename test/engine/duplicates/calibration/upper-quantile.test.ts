import { describe, expect, it } from 'vitest';
import { upperQuantile } from '../../../../engine/duplicates/calibration/upper-quantile.js';

describe('upperQuantile', () => {
  it('is exceeded by the share that was asked for', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(upperQuantile(values, 0.05)).toBeCloseTo(95, 9);
    expect(upperQuantile(values, 0.5)).toBeCloseTo(50, 9);
    expect(upperQuantile(values, 0.005)).toBeCloseTo(99.5, 9);
  });

  it('takes a single value', () => {
    expect(upperQuantile(Float64Array.of(3), 1e-4)).toBe(3);
  });
});
