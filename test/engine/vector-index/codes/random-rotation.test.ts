import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomRotation, rotate } from '../../../../engine/vector-index/codes/random-rotation.js';

const numbers = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 8, maxLength: 8 });
const turned = (values: number[], seed = 1) => {
  const vector = Float32Array.from(values);
  rotate(randomRotation(values.length, seed), vector);
  return vector;
};
const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('rotate', () => {
  it('keeps every inner product, but for its scale of length^3', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(inner(turned(a), turned(b))).toBe(8 ** 3 * inner(a, b));
      }),
    );
  });

  it('is worked by hand: three rounds on two numbers', () => {
    // no flips: (a, b) -> (a + b, a - b) -> (2a, 2b) -> (2a + 2b, 2a - 2b)
    const vector = Float32Array.of(3, 1);
    rotate({ length: 2, signs: new Float32Array(6).fill(1) }, vector);
    expect(vector).toEqual(Float32Array.of(8, 4));
    // the first number flipped in the first round: (-3, 1) -> (-2, -4) -> (-6, 2) -> (-4, -8)
    const flipped = Float32Array.of(3, 1);
    rotate({ length: 2, signs: Float32Array.of(-1, 1, 1, 1, 1, 1) }, flipped);
    expect(flipped).toEqual(Float32Array.of(-4, -8));
  });

  it('is the same for the same seed, another for another, and spreads one number over all', () => {
    const axis = [1, 0, 0, 0, 0, 0, 0, 0];
    expect(turned(axis)).toEqual(turned(axis));
    expect(turned(axis, 2)).not.toEqual(turned(axis));
    expect(new Set(turned([1, ...Array<number>(63).fill(0)])).size).toBeGreaterThan(8);
  });
});
