/** Maps that fit more points than fix them, in the sense of least squares. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { composeMaps, invertMap, scaleToOne, type PlaneMap, type PointPairs } from './plane-map.js';

/** @param pairs at least three. @returns the affine map of least squared error in u, v; undefined if they are on a line. */
export function fitAffine(pairs: PointPairs): PlaneMap | undefined {
  const [from, to] = [unitFrame(pairs, 0), unitFrame(pairs, 2)];
  // in frames around their centres the shift is 0, so the linear part alone is solved for: A = (sum v u^T)(sum u u^T)^-1
  let [xx, xy, yy, ux, uy, vx, vy] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < pairs.length; at += 4) {
    const [x, y, u, v] = inFrames(pairs, at, from, to);
    [xx, xy, yy] = [xx + x * x, xy + x * y, yy + y * y];
    [ux, uy, vx, vy] = [ux + u * x, uy + u * y, vx + v * x, vy + v * y];
  }
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-9 * (xx + yy) ** 2)) return undefined;
  const row = (sx: number, sy: number) => [(sx * yy - sy * xy) / determinant, (sy * xx - sx * xy) / determinant, 0];
  return betweenFrames(Float64Array.of(...row(ux, uy), ...row(vx, vy), 0, 0, 1), from, to);
}

/**
 * The normalised direct linear transformation (Hartley 1997): the null direction of the equations u w = ..., v w = ....
 * @param pairs at least four. @returns undefined if they do not fix a map.
 */
export function fitHomography(pairs: PointPairs): PlaneMap | undefined {
  const [from, to] = [unitFrame(pairs, 0), unitFrame(pairs, 2)];
  const normal = Matrix.zeros(9, 9);
  for (let at = 0; at < pairs.length; at += 4) {
    const [x, y, u, v] = inFrames(pairs, at, from, to);
    addOuter(normal, [x, y, 1, 0, 0, 0, -u * x, -u * y, -u]);
    addOuter(normal, [0, 0, 0, x, y, 1, -v * x, -v * y, -v]);
  }
  // eigenvalues rise: the first vector is the null direction, and a second one near 0 means that many maps fit
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(normal, { assumeSymmetric: true });
  if (!(realEigenvalues[1]! > 1e-9 * realEigenvalues[8]!)) return undefined;
  const scaled = scaleToOne(Float64Array.from(eigenvectorMatrix.getColumn(0)));
  return scaled && betweenFrames(scaled, from, to);
}

/** Centre and mean distance from it; both sides are brought to 0 and sqrt(2), so that the equations are well conditioned. */
interface Frame {
  x: number;
  y: number;
  scale: number;
}

function unitFrame(pairs: PointPairs, side: 0 | 2): Frame {
  const count = pairs.length / 4;
  let [x, y, distance] = [0, 0, 0];
  for (let at = side; at < pairs.length; at += 4) [x, y] = [x + pairs[at]! / count, y + pairs[at + 1]! / count];
  for (let at = side; at < pairs.length; at += 4) distance += Math.hypot(pairs[at]! - x, pairs[at + 1]! - y) / count;
  return { x, y, scale: distance > 0 ? Math.SQRT2 / distance : 1 };
}

function inFrames(pairs: PointPairs, at: number, from: Frame, to: Frame): [number, number, number, number] {
  const [x, y] = [(pairs[at]! - from.x) * from.scale, (pairs[at + 1]! - from.y) * from.scale];
  return [x, y, (pairs[at + 2]! - to.x) * to.scale, (pairs[at + 3]! - to.y) * to.scale];
}

function betweenFrames(map: PlaneMap, from: Frame, to: Frame): PlaneMap | undefined {
  const back = invertMap(frameMap(to));
  return back && scaleToOne(composeMaps(back, composeMaps(map, frameMap(from))));
}

function frameMap({ x, y, scale }: Frame): PlaneMap {
  return Float64Array.of(scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1);
}

function addOuter(matrix: Matrix, row: readonly number[]): void {
  for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) matrix.set(i, j, matrix.get(i, j) + row[i]! * row[j]!);
}
