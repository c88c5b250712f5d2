import { seededRandom } from '../../seeded-random.js';
import { isDegenerateSample } from './degenerate.js';
import { fitAffine, fitHomography } from './least-squares-maps.js';
import { affineThroughThree, homographyThroughFour } from './minimal-maps.js';
import { invertMap, type PlaneMap, type PointPairs } from './plane-map.js';

export interface RansacOptions {
  model: 'affine' | 'homography';
  /** Pixels by which an inlier may miss, [in the first picture, in the second]. */
  thresholdPx: readonly [number, number];
  /** Samples at most. */
  trials: number;
  /** Stops when a better sample would have come up with this probability. */
  confidence: number;
  seed: number;
}

/** A map and who fits it. */
export interface Consensus {
  map: PlaneMap;
  /** 1 for each pair that fits, else 0 [count]. */
  inliers: Uint8Array;
  /** How many fit. */
  count: number;
}

const MODELS = {
  affine: { minimal: 3, through: affineThroughThree, fit: fitAffine },
  homography: { minimal: 4, through: homographyThroughFour, fit: fitHomography },
} as const;
/** Rounds of the local optimisation, and pairs of each of its samples. */
const LOCAL_ROUNDS = 8;
const LOCAL_SAMPLE = 14;

/**
 * LO-RANSAC (Chum, Matas & Kittler 2003): maps through random minimal samples; each one better than all before is improved
 * by least squares on random larger samples of its inliers. A pair is an inlier if it is one in both directions, so a map
 * that squeezes one picture into a corner of the other gains nothing. The same seed gives the same answer.
 * @returns the map that most pairs fit; undefined where no sample gave one.
 */
export function ransac(pairs: PointPairs, options: RansacOptions): Consensus | undefined {
  const { minimal, through } = MODELS[options.model];
  const count = pairs.length / 4;
  if (count < minimal) return undefined;
  const random = seededRandom(options.seed);
  const minArea = [options.thresholdPx[0] ** 2, options.thresholdPx[1] ** 2] as const;
  let best: Consensus | undefined;
  for (let trial = 0, needed = options.trials; trial < needed; trial++) {
    const sample = pick(pairs, drawDistinct(count, minimal, random));
    const map = isDegenerateSample(sample, minArea) ? undefined : through(sample);
    const found = map && consensusOf(map, pairs, options);
    if (found === undefined || found.count <= (best?.count ?? 0)) continue;
    best = optimizeLocally(found, pairs, options, random);
    needed = Math.min(options.trials, trialsFor(best.count / count, minimal, options.confidence));
  }
  return best;
}

/** @returns who fits the map; undefined if it cannot be turned round. */
function consensusOf(map: PlaneMap, pairs: PointPairs, { thresholdPx }: RansacOptions): Consensus | undefined {
  const inverse = invertMap(map);
  if (inverse === undefined) return undefined;
  const inliers = new Uint8Array(pairs.length / 4);
  let count = 0;
  for (let i = 0, at = 0; at < pairs.length; i++, at += 4) {
    const [x, y, u, v] = [pairs[at]!, pairs[at + 1]!, pairs[at + 2]!, pairs[at + 3]!];
    if (squaredMiss(map, x, y, u, v) > thresholdPx[1] ** 2) continue;
    if (squaredMiss(inverse, u, v, x, y) > thresholdPx[0] ** 2) continue;
    inliers[i] = 1;
    count += 1;
  }
  return { map, inliers, count };
}

/** Infinity for a point on or behind the horizon of the map. */
function squaredMiss(map: PlaneMap, x: number, y: number, u: number, v: number): number {
  const w = map[6]! * x + map[7]! * y + map[8]!;
  if (w <= 0) return Infinity;
  const du = (map[0]! * x + map[1]! * y + map[2]!) / w - u;
  const dv = (map[3]! * x + map[4]! * y + map[5]!) / w - v;
  return du * du + dv * dv;
}

function optimizeLocally(start: Consensus, pairs: PointPairs, options: RansacOptions, random: () => number): Consensus {
  let best = start;
  for (let round = 0; round < LOCAL_ROUNDS; round++) {
    const members = memberPositions(best);
    const size = Math.min(LOCAL_SAMPLE, Math.max(MODELS[options.model].minimal, members.length >> 1));
    const sample = drawDistinct(members.length, size, random).map((i) => members[i]!);
    best = better(best, fitTo(sample, pairs, options));
  }
  return better(best, fitTo(memberPositions(best), pairs, options), true);
}

function fitTo(positions: readonly number[], pairs: PointPairs, options: RansacOptions): Consensus | undefined {
  const map = MODELS[options.model].fit(pick(pairs, positions));
  return map && consensusOf(map, pairs, options);
}

/** @param onTie whether an equal count is reason enough: least squares on all inliers is the better map then. */
function better(a: Consensus, b: Consensus | undefined, onTie = false): Consensus {
  return b !== undefined && (b.count > a.count || (onTie && b.count === a.count)) ? b : a;
}

function memberPositions({ inliers }: Consensus): number[] {
  return Array.from(inliers.keys()).filter((i) => inliers[i] === 1);
}

function pick(pairs: PointPairs, positions: readonly number[]): PointPairs {
  const picked = new Float64Array(4 * positions.length);
  positions.forEach((position, i) => picked.set(pairs.subarray(4 * position, 4 * position + 4), 4 * i));
  return picked;
}

/** @returns `size` different numbers of 0..count-1. */
function drawDistinct(count: number, size: number, random: () => number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(Math.floor(random() * count));
  return [...drawn];
}

/** Samples until one is all inliers with the wanted probability: log(1 - confidence) / log(1 - share^size). */
function trialsFor(share: number, size: number, confidence: number): number {
  const chance = share ** size;
  return chance >= 1 ? 1 : Math.ceil(Math.log(1 - confidence) / Math.log(1 - chance));
}
