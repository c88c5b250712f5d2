import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRegion, withContext } from '../../../engine/image/region.js';

const SIZE = { width: 100, height: 50 };

describe('resolveRegion', () => {
  it.each([
    ['pixels', { x: 10, y: 5, width: 20, height: 30 }, { x: 10, y: 5, width: 20, height: 30 }],
    ['fractions', { x: 0.1, y: 0.2, width: 0.5, height: 0.4 }, { x: 10, y: 10, width: 50, height: 20 }],
    ['all of it as fractions', { x: 0, y: 0, width: 1, height: 1 }, { x: 0, y: 0, width: 100, height: 50 }],
    ['all of it as pixels', { x: 0, y: 0, width: 100, height: 50 }, { x: 0, y: 0, width: 100, height: 50 }],
    // 33.3..66.6 and 16.65..33.3: edges are rounded, not sizes, so that neighbours neither overlap nor leave a gap
    ['rounded edges', { x: 0.333, y: 0.333, width: 0.333, height: 0.333 }, { x: 33, y: 17, width: 34, height: 16 }],
    [
      '0.7 + 0.3, which is a little more than 1',
      { x: 0.7, y: 0, width: 0.3, height: 1 },
      { x: 70, y: 0, width: 30, height: 50 },
    ],
    [
      'less than half a pixel too far',
      { x: 50.4, y: 0, width: 50, height: 50 },
      { x: 50, y: 0, width: 50, height: 50 },
    ],
    [
      'less than a pixel, kept as one',
      { x: 0.5, y: 0.5, width: 0.001, height: 0.001 },
      { x: 50, y: 25, width: 1, height: 1 },
    ],
    [
      'less than a pixel at the far edge',
      { x: 0.999, y: 0.999, width: 0.001, height: 0.001 },
      { x: 99, y: 49, width: 1, height: 1 },
    ],
  ])('%s', (_name, region, expected) => {
    expect(resolveRegion(region, SIZE)).toEqual(expected);
  });

  it.each([
    ['too wide', { x: 0, y: 0, width: 101, height: 10 }],
    ['too high', { x: 0, y: 0, width: 10, height: 51 }],
    ['beyond the right', { x: 120, y: 0, width: 10, height: 10 }],
    ['fractions beyond 1', { x: 0.6, y: 0, width: 0.6, height: 1 }],
    ['negative', { x: -1, y: 0, width: 10, height: 10 }],
    ['empty', { x: 0, y: 0, width: 0, height: 10 }],
    ['not a number', { x: NaN, y: 0, width: 10, height: 10 }],
    ['endless', { x: 0, y: 0, width: Infinity, height: 10 }],
  ])('refuses a region that is %s', (_name, region) => {
    expect(() => resolveRegion(region, SIZE)).toThrow(expect.objectContaining({ code: 'invalid_region' }));
  });

  it('gives whole pixels within the picture, or refuses', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const number = fc.oneof(
      fc.double({ min: -0.1, max: 1.1, noNaN: true }),
      fc.double({ min: -10, max: 6000, noNaN: true }),
    );
    fc.assert(
      fc.property(side, side, number, number, number, number, (imageWidth, imageHeight, x, y, width, height) => {
        let got;
        try {
          got = resolveRegion({ x, y, width, height }, { width: imageWidth, height: imageHeight });
        } catch {
          return;
        }
        expect(Object.values(got).every(Number.isInteger)).toBe(true);
        expect(got.x >= 0 && got.width >= 1 && got.x + got.width <= imageWidth).toBe(true);
        expect(got.y >= 0 && got.height >= 1 && got.y + got.height <= imageHeight).toBe(true);
      }),
    );
  });
});

describe('withContext', () => {
  it.each([
    ['nothing', 0, { x: 40, y: 20, width: 20, height: 10 }],
    // 20 % of 20 and of 10 on each side
    ['a fifth on each side', 0.2, { x: 36, y: 18, width: 28, height: 14 }],
    ['as much again on each side', 1, { x: 20, y: 10, width: 60, height: 30 }],
    // 2.5 rounds up to 3 across, 1.25 down to 1
    ['whole pixels', 0.125, { x: 37, y: 19, width: 26, height: 12 }],
  ])('adds %s', (_name, context, expected) => {
    expect(withContext({ x: 40, y: 20, width: 20, height: 10 }, context, SIZE)).toEqual(expected);
  });

  it('stays within the picture, each side for itself', () => {
    const corner = { x: 90, y: 2, width: 10, height: 40 };
    expect(withContext(corner, 0.5, SIZE)).toEqual({ x: 85, y: 0, width: 15, height: 50 });
  });
});
