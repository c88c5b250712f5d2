import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { l2Norm, l2Normalize } from '../../../engine/descriptor/l2.js';

describe('l2Normalize', () => {
  it('keeps the direction and makes the length 1', () => {
    const unit = l2Normalize(Float32Array.of(3, -4));
    expect(unit[0]).toBeCloseTo(0.6, 6);
    expect(unit[1]).toBeCloseTo(-0.8, 6);
  });
  it('makes any vector of length 1', () => {
    const vectors = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(vectors, (values) => {
        fc.pre(values.some((value) => value !== 0));
        expect(l2Norm(l2Normalize(Float32Array.from(values)))).toBeCloseTo(1, 6);
      }),
    );
  });
  it('keeps zero at zero', () => {
    expect([...l2Normalize(new Float32Array(2))]).toEqual([0, 0]);
  });
  it('leaves its input alone', () => {
    const input = Float32Array.of(3, 4);
    l2Normalize(input);
    expect([...input]).toEqual([3, 4]);
  });
});
