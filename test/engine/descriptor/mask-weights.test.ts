import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskWeights } from '../../../engine/descriptor/mask-weights.js';

describe('maskWeights', () => {
  it('averages the pixels of each cell', () => {
    const mask = Uint8Array.of(
      ...[255, 255, 0, 0],
      ...[255, 0, 0, 51], //
    );
    const weights = maskWeights(mask, 2, 4, 1, 2);
    expect(weights[0]).toBeCloseTo(0.75, 6);
    expect(weights[1]).toBeCloseTo(0.05, 6);
  });
  it('gives a pixel on a border to both cells by its share', () => {
    // three pixels, two cells of 1.5: the middle pixel is a third of each cell
    const weights = maskWeights(Uint8Array.of(255, 0, 0), 1, 3, 1, 2);
    expect(weights[0]).toBeCloseTo(2 / 3, 6);
    expect(weights[1]).toBe(0);
    const middle = maskWeights(Uint8Array.of(0, 255, 0), 1, 3, 1, 2);
    expect(middle[0]).toBeCloseTo(1 / 3, 6);
    expect(middle[1]).toBeCloseTo(1 / 3, 6);
  });
  it('weighs rows and columns in [h, w] order', () => {
    const weights = maskWeights(Uint8Array.of(255, 255, 0, 0, 0, 0), 3, 2, 3, 2);
    expect([...weights]).toEqual([1, 1, 0, 0, 0, 0]);
  });

  const size = fc.integer({ min: 1, max: 40 });
  it('is 1 for an opaque and 0 for a transparent picture of any size', () => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), (height, width, h, w) => {
        const opaque = maskWeights(new Uint8Array(height * width).fill(255), height, width, h, w);
        expect(opaque.length).toBe(h * w);
        for (const weight of opaque) expect(weight).toBeCloseTo(1, 6);
        expect(maskWeights(new Uint8Array(height * width), height, width, h, w).every((weight) => weight === 0)).toBe(
          true,
        );
      }),
    );
  });
  it('keeps the share of the picture that is opaque', () => {
    const mask = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(mask, (values) => {
        const mean = (list: ArrayLike<number>) => Array.from(list).reduce((sum, value) => sum + value, 0) / list.length;
        expect(mean(maskWeights(Uint8Array.from(values), 5, 6, 2, 4))).toBeCloseTo(mean(values) / 255, 5);
      }),
    );
  });
});
