import type { Plane } from '../grey.js';
import { describePoint, SIFT_DIMENSION } from './describe-point.js';
import { findExtrema, type Extremum } from './extrema.js';
import { orientations } from './orientation.js';
import { buildScaleSpace } from './scale-space.js';

export interface SiftOptions {
  layers: number;
  sigma: number;
  doubled: boolean;
  contrastThreshold: number;
  edgeRatio: number;
  /** The strongest points are kept. */
  maxPoints: number;
}

/** What Lowe's paper and OpenCV use. */
export const SIFT_DEFAULTS: SiftOptions = {
  layers: 3,
  sigma: 1.6,
  doubled: true,
  contrastThreshold: 0.04,
  edgeRatio: 10,
  maxPoints: 100_000,
};

export interface KeyPoint {
  /** In pixels of the picture, from its corner. */
  x: number;
  y: number;
  /** Blur of the scale at which the point was found, in pixels of the picture. */
  sigma: number;
  /** In radians from the x axis towards the y axis (downwards), -pi..2 pi. */
  angle: number;
  /** |difference of Gaussians| for grey in 0..1. */
  response: number;
}

export interface SiftPoints {
  keyPoints: KeyPoint[];
  /** [count, 128] row-major, each row of length 1. */
  descriptors: Float32Array;
}

/**
 * Scale-invariant feature transform (Lowe 2004): extrema of the difference of Gaussians over place and scale, each with its
 * main orientations and a histogram of the gradients around it. A point with two orientations is there twice.
 */
export function sift(grey: Plane, options: SiftOptions = SIFT_DEFAULTS): SiftPoints {
  const extrema = buildScaleSpace(grey, options)
    .flatMap((octave) => findExtrema(octave, options))
    .sort((a, b) => b.response - a.response);
  const kept = orient(extrema, options.maxPoints);
  const descriptors = new Float32Array(kept.length * SIFT_DIMENSION);
  kept.forEach(({ point, angle }, i) => {
    describePoint(point, angle, descriptors.subarray(i * SIFT_DIMENSION, (i + 1) * SIFT_DIMENSION));
  });
  return { keyPoints: kept.map(({ point, angle }) => toKeyPoint(point, angle)), descriptors };
}

interface OrientedPoint {
  point: Extremum;
  angle: number;
}

/** @returns the first `count` of the points with their orientations. */
function orient(points: readonly Extremum[], count: number): OrientedPoint[] {
  const oriented: OrientedPoint[] = [];
  for (const point of points) {
    if (oriented.length >= count) break;
    oriented.push(...orientations(point).map((angle) => ({ point, angle })));
  }
  return oriented.slice(0, count);
}

function toKeyPoint({ octave, x, y, sigma, response }: Extremum, angle: number): KeyPoint {
  const { step, origin } = octave;
  return { x: x * step + origin, y: y * step + origin, sigma: sigma * step, angle, response };
}
