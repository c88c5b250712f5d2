import type { PointPairs } from './plane-map.js';

/**
 * Whether a sample of RANSAC cannot fix a map that a camera would make: three points (nearly) on a line on either side, or
 * a fold, that is triangles of which some keep their sense of rotation and some turn it. A mirrored picture turns all.
 * @param sample three or four pairs.
 * @param minArea [first side, second side]: a triangle below this area, in squared pixels, counts as a line.
 */
export function isDegenerateSample(sample: PointPairs, minArea: readonly [number, number]): boolean {
  const count = sample.length / 4;
  let sense = 0;
  for (let left = 0; left < (count === 4 ? 4 : 1); left++) {
    const corners = [0, 1, 2, 3].filter((corner) => corner < count && (count === 3 || corner !== left));
    const [before, after] = [triangleArea(sample, corners, 0), triangleArea(sample, corners, 2)];
    if (!(Math.abs(before) >= minArea[0]) || !(Math.abs(after) >= minArea[1])) return true;
    const turned = Math.sign(before * after);
    if (sense !== 0 && turned !== sense) return true;
    sense = turned;
  }
  return false;
}

/** Signed: positive where the corners go round one way, negative for the other. */
function triangleArea(sample: PointPairs, corners: readonly number[], side: 0 | 2): number {
  const [a, b, c] = corners.map((corner) => 4 * corner + side) as [number, number, number];
  const [ax, ay] = [sample[a]!, sample[a + 1]!];
  return ((sample[b]! - ax) * (sample[c + 1]! - ay) - (sample[c]! - ax) * (sample[b + 1]! - ay)) / 2;
}
