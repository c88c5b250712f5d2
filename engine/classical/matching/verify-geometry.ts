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

/** One pair of matched points, in pixels of the pictures that the features lie in. */
export interface PointMatch {
  from: [x: number, y: number];
  to: [x: number, y: number];
  inlier: boolean;
}

/** What two pictures have in common, point by point. */
export interface Verification {
  /** Matches that agree on one map: the score. 0 where too few matched to tell. */
  inliers: number;
  matches: PointMatch[];
  /** The map from the first picture to the second, 3 x 3 row-major; absent where inliers is 0. */
  map?: number[];
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
  return {
    inliers: accepted?.count ?? 0,
    matches: matches.map((_, i) => pointMatch(pairs, i, accepted)),
    ...(accepted === undefined ? {} : { map: [...accepted.map] }),
  };
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
