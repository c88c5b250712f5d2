/** Maps through as many points as fix them, in closed form: this runs for every trial of RANSAC. */
import { composeMaps, invertMap, scaleToOne, type PlaneMap, type PointPairs } from './plane-map.js';

/** @returns the affine map that takes the first three points of pairs to their partners; undefined if they are on a line. */
export function affineThroughThree(pairs: PointPairs): PlaneMap | undefined {
  const toFirst = invertMap(affineFrame(pairs, 0));
  return toFirst && composeMaps(affineFrame(pairs, 2), toFirst);
}

/** @returns the homography that takes the first four points of pairs to their partners; undefined if three are on a line. */
export function homographyThroughFour(pairs: PointPairs): PlaneMap | undefined {
  const first = quadFromSquare(pairs, 0);
  const second = quadFromSquare(pairs, 2);
  const toSquare = first && invertMap(first);
  return toSquare && second && scaleToOne(composeMaps(second, toSquare));
}

/** Takes (0,0), (1,0), (0,1) to the first three points. @param side 0 for x, y of the pairs, 2 for u, v. */
function affineFrame(pairs: PointPairs, side: 0 | 2): PlaneMap {
  const [x0, y0] = [pairs[side]!, pairs[side + 1]!];
  const [dx1, dy1] = [pairs[side + 4]! - x0, pairs[side + 5]! - y0];
  const [dx2, dy2] = [pairs[side + 8]! - x0, pairs[side + 9]! - y0];
  return Float64Array.of(dx1, dx2, x0, dy1, dy2, y0, 0, 0, 1);
}

/** Takes the corners (0,0), (1,0), (1,1), (0,1) of the unit square to the first four points (Heckbert 1989). */
function quadFromSquare(pairs: PointPairs, side: 0 | 2): PlaneMap | undefined {
  const x = (corner: number) => pairs[4 * corner + side]!;
  const y = (corner: number) => pairs[4 * corner + side + 1]!;
  const [dx1, dx2, dx3] = [x(1) - x(2), x(3) - x(2), x(0) - x(1) + x(2) - x(3)];
  const [dy1, dy2, dy3] = [y(1) - y(2), y(3) - y(2), y(0) - y(1) + y(2) - y(3)];
  const area = dx1 * dy2 - dx2 * dy1;
  if (area === 0) return undefined;
  const g = (dx3 * dy2 - dx2 * dy3) / area;
  const h = (dx1 * dy3 - dx3 * dy1) / area;
  return Float64Array.of(
    ...[x(1) - x(0) + g * x(1), x(3) - x(0) + h * x(3), x(0)],
    ...[y(1) - y(0) + g * y(1), y(3) - y(0) + h * y(3), y(0)],
    ...[g, h, 1],
  );
}
