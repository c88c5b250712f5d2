import { z } from 'zod';
import { ransac, type Consensus } from '../geometry/ransac.js';
import type { PointPairs } from '../geometry/plane-map.js';
import type { LocalFeatures } from './local-features.js';
import { nearestMatches, type FeatureMatch } from './nearest-matches.js';

/** How two pictures are matched point by point. */
export const verifyOptionsSchema = z.strictObject({
  model: z.enum(['affine', 'homography']).default('affine').describe('the map from one picture to the other'),
  ratio: z.number().gt(0).max(1).default(0.8).describe("Lowe's test: nearest against second nearest distance"),
  mutual: z.boolean().default(true).describe("a match counts only if each point is the other's nearest"),
  tolerance: z.number().gt(0).max(0.2).default(0.02).describe('by how much an inlier may miss, of the long side'),
  trials: z.number().int().min(1).max(100_000).default(1000).describe('samples of RANSAC at most'),
  confidence: z.number().gt(0).lt(1).default(0.99),
  seed: z.number().int().min(0).default(1),
});
export type VerifyOptions = z.infer<typeof verifyOptionsSchema>;

/** One pair of matched points, in the pixels that the features' points are given in. */
export interface PointMatch {
  from: [x: number, y: number];
  to: [x: number, y: number];
  inlier: boolean;
}

/** The smallest upright rectangle round some points, in pixels of their picture. */
export interface PointBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What two pictures have in common, point by point. */
export interface Verification {
  /** Matches that agree on one map: the score. 0 where too few matched to tell. */
  inliers: number;
  matches: PointMatch[];
  /** The map from the first picture to the second, 3 x 3 row-major; absent where inliers is 0. */
  map?: number[];
  /** Round the inliers of each picture; absent where inliers is 0. */
  boxes?: { from: PointBox; to: PointBox };
}

/** So few matches always agree on some map: three points fix an affine one, four a homography. */
const MIN_INLIERS = { affine: 4, homography: 5 } as const;

/**
 * Geometric verification (Philbin 2007): nearest neighbours of descriptors, then the map that most of them agree on.
 * @returns the matches with their inliers; features without points give none.
 */
export function verifyGeometry(from: LocalFeatures, to: LocalFeatures, options: VerifyOptions): Verification {
  const matches = nearestMatches(from, to, options);
  const pairs = pairsOf(matches, from, to);
  const thresholdPx = [tolerancePx(from, options), tolerancePx(to, options)] as const;
  const found = ransac(pairs, { ...options, thresholdPx });
  const accepted = found !== undefined && found.count >= MIN_INLIERS[options.model] ? found : undefined;
  const points = matches.map((_, i) => pointMatch(pairs, i, accepted));
  return {
    inliers: accepted?.count ?? 0,
    matches: points,
    ...(accepted === undefined ? {} : { map: [...accepted.map], boxes: boxesOf(points) }),
  };
}

function boxesOf(matches: readonly PointMatch[]): NonNullable<Verification['boxes']> {
  const inliers = matches.filter(({ inlier }) => inlier);
  return { from: boxOf(inliers.map(({ from }) => from)), to: boxOf(inliers.map(({ to }) => to)) };
}

function boxOf(points: readonly [number, number][]): PointBox {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function pairsOf(matches: readonly FeatureMatch[], from: LocalFeatures, to: LocalFeatures): PointPairs {
  const pairs = new Float64Array(4 * matches.length);
  matches.forEach((match, i) => {
    pairs.set(from.points.subarray(2 * match.from, 2 * match.from + 2), 4 * i);
    pairs.set(to.points.subarray(2 * match.to, 2 * match.to + 2), 4 * i + 2);
  });
  return pairs;
}

function pointMatch(pairs: PointPairs, i: number, consensus: Consensus | undefined): PointMatch {
  const [x, y, u, v] = pairs.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
  return { from: [x, y], to: [u, v], inlier: consensus?.inliers[i] === 1 };
}

function tolerancePx({ width, height }: LocalFeatures, { tolerance }: VerifyOptions): number {
  return tolerance * Math.max(width, height);
}
