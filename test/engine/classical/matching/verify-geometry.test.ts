import { describe, expect, it } from 'vitest';
import { mapPoint } from '../../../../engine/classical/geometry/plane-map.js';
import type { LocalFeatures } from '../../../../engine/classical/matching/local-features.js';
import { nearestMatches } from '../../../../engine/classical/matching/nearest-matches.js';
import { verifyGeometry, verifyOptionsSchema } from '../../../../engine/classical/matching/verify-geometry.js';
import { dot, near, randomUnit, seededRandom } from '../../../support/vectors.js';

const MAP = Float64Array.of(0.8, -0.3, 60, 0.3, 0.8, 10, 0, 0, 1);
const DIMENSION = 32;

function features(points: [number, number][], descriptors: Float32Array[]): LocalFeatures {
  const flat = Float32Array.from(descriptors.flatMap((row) => [...row]));
  return { width: 400, height: 300, points: Float32Array.from(points.flat()), descriptors: flat, dimension: DIMENSION };
}

/** Two pictures that share `shared` points under MAP, with `others` of their own each. */
function pair(shared: number, others: number, seed: number): [LocalFeatures, LocalFeatures] {
  const random = seededRandom(seed);
  const unit = () => randomUnit(DIMENSION, random);
  const point = (): [number, number] => [random() * 400, random() * 300];
  const common = Array.from({ length: shared }, () => ({ at: point(), descriptor: unit() }));
  const own = Array.from({ length: others }, () => ({ at: point(), descriptor: unit() }));
  const strange = Array.from({ length: others }, () => ({ at: point(), descriptor: unit() }));
  const seen = common.map(({ at: [x, y], descriptor }) => ({
    at: mapPoint(MAP, x, y),
    descriptor: near(descriptor, 0.2, random),
  }));
  const [first, second] = [
    [...common, ...own],
    [...strange, ...seen],
  ];
  return [
    features(
      first.map(({ at }) => at),
      first.map(({ descriptor }) => descriptor),
    ),
    features(
      second.map(({ at }) => at),
      second.map(({ descriptor }) => descriptor),
    ),
  ];
}

describe('nearest matches', () => {
  it('agree with a plain search of all pairs', () => {
    const [a, b] = pair(10, 20, 1);
    const row = ({ descriptors }: LocalFeatures, i: number) => descriptors.subarray(i * DIMENSION, (i + 1) * DIMENSION);
    const nearestOf = (from: LocalFeatures, to: LocalFeatures, i: number) => {
      const dots = Array.from({ length: to.points.length / 2 }, (_, j) => dot(row(from, i), row(to, j)));
      const order = [...dots.keys()].sort((x, y) => dots[y]! - dots[x]!);
      return { order, distances: order.map((j) => Math.sqrt(2 - 2 * dots[j]!)) };
    };
    for (const options of [
      { ratio: 1, mutual: false },
      { ratio: 0.8, mutual: false },
      { ratio: 1, mutual: true },
    ]) {
      const expected = Array.from({ length: 30 }, (_, from) => ({ from, ...nearestOf(a, b, from) }))
        .filter(({ distances }) => distances[0]! < options.ratio * distances[1]!)
        .filter(({ from, order }) => !options.mutual || nearestOf(b, a, order[0]!).order[0] === from)
        .map(({ from, order }) => ({ from, to: order[0]! }));
      expect(nearestMatches(a, b, options)).toEqual(expected);
    }
  });

  it('lets the single candidate through, and finds nothing in nothing', () => {
    const [a] = pair(1, 0, 1);
    const none = features([], []);
    expect(nearestMatches(a, a, { ratio: 0.8, mutual: true })).toEqual([{ from: 0, to: 0 }]);
    expect(nearestMatches(a, none, { ratio: 0.8, mutual: true })).toEqual([]);
    expect(nearestMatches(none, a, { ratio: 0.8, mutual: true })).toEqual([]);
  });
});

describe('geometric verification', () => {
  const options = verifyOptionsSchema.parse({});

  it('counts what two views of one thing share, and gives the map', () => {
    const { inliers, matches, map } = verifyGeometry(...pair(25, 40, 3), options);
    expect(inliers).toBe(25);
    expect(matches.filter((match) => match.inlier)).toHaveLength(25);
    const { from, to } = matches.find((match) => match.inlier)!;
    const [u, v] = mapPoint(Float64Array.from(map!), ...from);
    expect(Math.hypot(u - to[0], v - to[1])).toBeLessThan(1);
  });

  it('gives 0 and no map to pictures that share nothing', () => {
    const verification = verifyGeometry(...pair(0, 40, 4), options);
    expect(verification.inliers).toBe(0);
    expect(verification).not.toHaveProperty('map');
  });

  it('does not count three matches, which always agree', () => {
    expect(verifyGeometry(...pair(3, 0, 5), options).inliers).toBe(0);
    expect(verifyGeometry(...pair(4, 0, 5), options).inliers).toBe(4);
    expect(verifyGeometry(...pair(4, 0, 5), { ...options, model: 'homography' }).inliers).toBe(0);
  });
});
