import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDegenerateSample } from '../../../../engine/classical/geometry/degenerate.js';
import { fitAffine, fitHomography } from '../../../../engine/classical/geometry/least-squares-maps.js';
import { affineThroughThree, homographyThroughFour } from '../../../../engine/classical/geometry/minimal-maps.js';
import {
  composeMaps,
  invertMap,
  mapPoint,
  type PlaneMap,
  type PointPairs,
} from '../../../../engine/classical/geometry/plane-map.js';
import '../../../support/property-seed.js';

/** x' = 2x + 1, y' = 3y - 4. */
const STRETCH = Float64Array.of(2, 0, 1, 0, 3, -4, 0, 0, 1);
/** Halves what is at y = 100 and leaves y = 0 where it is. */
const TILT = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0.01, 1);

function pairsThrough(map: PlaneMap, points: readonly (readonly [number, number])[]): PointPairs {
  return Float64Array.from(points.flatMap(([x, y]) => [x, y, ...mapPoint(map, x, y)]));
}

const SQUARE = [
  [0, 0],
  [100, 10],
  [90, 120],
  [5, 80],
] as const;

/** Maps as cameras make them: turned, scaled, sheared, moved, tilted a little; and sometimes mirrored. */
const mapArbitrary = fc
  .record({
    angle: fc.double({ min: 0, max: 6.28, noNaN: true }),
    scale: fc.double({ min: 0.4, max: 2.5, noNaN: true }),
    shear: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    mirror: fc.constantFrom(1, -1),
    tilt: fc.tuple(fc.double({ min: 0, max: 0.002, noNaN: true }), fc.double({ min: 0, max: 0.002, noNaN: true })),
  })
  .map(({ angle, scale, shear, mirror, tilt }) => {
    const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
    return Float64Array.of(c * mirror, -s + shear, 30, s * mirror, c, -20, ...tilt, 1);
  });

function expectSameMap(actual: PlaneMap | undefined, expected: PlaneMap): void {
  for (const [x, y] of [...SQUARE, [40, 50] as const]) {
    const [u, v] = mapPoint(actual!, x, y);
    const [eu, ev] = mapPoint(expected, x, y);
    expect(Math.hypot(u - eu, v - ev)).toBeLessThan(1e-5 * (1 + Math.hypot(eu, ev)));
  }
}

describe('maps of the plane', () => {
  it('map points by hand', () => {
    expect(mapPoint(STRETCH, 10, 10)).toEqual([21, 26]);
    expect(mapPoint(TILT, 40, 100)).toEqual([20, 50]);
  });

  it('are composed from the right to the left', () => {
    expect(mapPoint(composeMaps(TILT, STRETCH), 10, 10)).toEqual(mapPoint(TILT, 21, 26));
  });

  it('are undone by their inverse', () => {
    fc.assert(
      fc.property(mapArbitrary, (map) =>
        expectSameMap(composeMaps(invertMap(map)!, map), Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)),
      ),
    );
  });

  it('have no inverse where they flatten the plane', () => {
    expect(invertMap(Float64Array.of(1, 2, 0, 2, 4, 0, 0, 0, 1))).toBeUndefined();
  });
});

describe('maps through as few points as fix them', () => {
  it('finds the affine map through three points', () => {
    expectSameMap(affineThroughThree(pairsThrough(STRETCH, SQUARE.slice(0, 3))), STRETCH);
  });

  it('finds the homography through four points', () => {
    fc.assert(fc.property(mapArbitrary, (map) => expectSameMap(homographyThroughFour(pairsThrough(map, SQUARE)), map)));
  });
});

describe('least squares', () => {
  it('gives back a map that fits', () => {
    fc.assert(
      fc.property(mapArbitrary, (map) => {
        expectSameMap(fitHomography(pairsThrough(map, [...SQUARE, [50, 50], [20, 70]])), map);
        const affine = Float64Array.of(...map.slice(0, 6), 0, 0, 1);
        expectSameMap(fitAffine(pairsThrough(affine, [...SQUARE, [50, 50]])), affine);
      }),
    );
  });

  it('takes the mean of what contradicts, as worked out by hand', () => {
    // the corners of a square stay, but the answers to each are 1 px apart in x: the best shift is half of it
    const corners = [0, 0, 0, 8, 8, 0, 8, 8];
    const pairs = [0, 1].flatMap((shift) =>
      [0, 2, 4, 6].flatMap((i) => [corners[i]!, corners[i + 1]!, corners[i]! + shift, corners[i + 1]!]),
    );
    const map = fitAffine(Float64Array.from(pairs))!;
    [1, 0, 0.5, 0, 1, 0, 0, 0, 1].forEach((value, i) => expect(map[i]).toBeCloseTo(value, 12));
  });

  it('gives nothing for points on a line', () => {
    const line = [0, 1, 2, 3, 4, 5].map((i) => [10 * i, 20 * i] as const);
    expect(fitAffine(pairsThrough(STRETCH, line))).toBeUndefined();
    expect(fitHomography(pairsThrough(STRETCH, line))).toBeUndefined();
  });
});

describe('a degenerate sample', () => {
  const MIN_AREA = [4, 4] as const;
  it('is one with points on a line', () => {
    const line = [
      [0, 0],
      [50, 50],
      [100, 100.05],
    ] as const;
    expect(isDegenerateSample(pairsThrough(STRETCH, line), MIN_AREA)).toBe(true);
    expect(isDegenerateSample(pairsThrough(STRETCH, SQUARE.slice(0, 3)), MIN_AREA)).toBe(false);
    expect(isDegenerateSample(pairsThrough(STRETCH, [...line, [0, 80]]), MIN_AREA)).toBe(true);
  });

  it('is one that collapses on the other side', () => {
    const shrink = Float64Array.of(0.001, 0, 0, 0, 0.001, 0, 0, 0, 1);
    expect(isDegenerateSample(pairsThrough(shrink, SQUARE.slice(0, 3)), MIN_AREA)).toBe(true);
  });

  it('is a fold, not a mirror', () => {
    const mirror = Float64Array.of(-1, 0, 100, 0, 1, 0, 0, 0, 1);
    expect(isDegenerateSample(pairsThrough(mirror, SQUARE), MIN_AREA)).toBe(false);
    const folded = pairsThrough(STRETCH, SQUARE);
    // the last corner falls on the other side of the diagonal
    folded.set([150, 5], 14);
    expect(isDegenerateSample(folded, MIN_AREA)).toBe(true);
  });
});
