import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapPoint, type PlaneMap, type PointPairs } from '../../../../engine/classical/geometry/plane-map.js';
import { ransac, type RansacOptions } from '../../../../engine/classical/geometry/ransac.js';
import { seededRandom } from '../../../support/vectors.js';
import '../../../support/property-seed.js';

const AFFINE = Float64Array.of(0.9, -0.4, 60, 0.35, 1.1, -10, 0, 0, 1);
const HOMOGRAPHY = Float64Array.of(0.9, -0.2, 40, 0.1, 1.1, -10, 0.0008, 0.0004, 1);
const OPTIONS: RansacOptions = { model: 'affine', thresholdPx: [4, 4], trials: 1000, confidence: 0.99, seed: 1 };

/** The first `inliers` pairs follow the map to half a pixel, the others are drawn at random. */
function planted(map: PlaneMap, inliers: number, outliers: number, seed: number): PointPairs {
  const random = seededRandom(seed);
  const rows = Array.from({ length: inliers + outliers }, (_, i) => {
    const [x, y] = [random() * 400, random() * 300];
    if (i >= inliers) return [x, y, random() * 400, random() * 300];
    const [u, v] = mapPoint(map, x, y);
    return [x, y, u + random() - 0.5, v + random() - 0.5];
  });
  return Float64Array.from(rows.flat());
}

/** Where the map sends the corners of the picture, against where it should. */
function worstCorner(found: PlaneMap, map: PlaneMap): number {
  const corners = [0, 400].flatMap((x) => [0, 300].map((y) => [x, y] as const));
  return Math.max(
    ...corners.map(([x, y]) => {
      const [[u, v], [eu, ev]] = [mapPoint(found, x, y), mapPoint(map, x, y)];
      return Math.hypot(u - eu, v - ev);
    }),
  );
}

describe('ransac', () => {
  it.each([
    ['affine', AFFINE],
    ['homography', HOMOGRAPHY],
  ] as const)('finds a planted %s map among three times as many outliers', (model, map) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const found = ransac(planted(map, 30, 60, seed), { ...OPTIONS, model, seed })!;
        // every planted pair, and no more than a few that chance put near
        expect(found.inliers.subarray(0, 30).every((flag) => flag === 1)).toBe(true);
        expect(found.count).toBeLessThanOrEqual(36);
        expect(found.count).toBe(found.inliers.reduce((sum, flag) => sum + flag, 0));
        expect(worstCorner(found.map, map)).toBeLessThan(3);
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same for the same seed', () => {
    const pairs = planted(AFFINE, 12, 30, 3);
    expect(ransac(pairs, OPTIONS)).toEqual(ransac(pairs, OPTIONS));
  });

  it('finds no more than chance in noise', () => {
    expect(ransac(planted(AFFINE, 0, 60, 5), OPTIONS)!.count).toBeLessThan(9);
  });

  it('is not taken in by a map that squeezes one picture into a corner of the other', () => {
    const pairs = planted(AFFINE, 8, 0, 2);
    const random = seededRandom(9);
    // whatever is near this corner is near any map into it, so there is a forward map that all forty fit
    const near = () => [random() * 400, random() * 300, 200 + random() * 10, 150 + random() * 10];
    const corner = Array.from({ length: 40 }, near).flat();
    const found = ransac(Float64Array.from([...pairs, ...corner]), OPTIONS)!;
    expect(found.inliers.subarray(0, 8).every((flag) => flag === 1)).toBe(true);
    expect(worstCorner(found.map, AFFINE)).toBeLessThan(4);
  });

  it('improves what a noisy sample gives: least squares on the inliers', () => {
    const pairs = planted(AFFINE, 80, 0, 4);
    expect(worstCorner(ransac(pairs, OPTIONS)!.map, AFFINE)).toBeLessThan(0.6);
  });

  it('needs as many pairs as fix a map', () => {
    expect(ransac(planted(AFFINE, 2, 0, 1), OPTIONS)).toBeUndefined();
    expect(ransac(planted(AFFINE, 3, 0, 1), { ...OPTIONS, model: 'homography' })).toBeUndefined();
  });
});
