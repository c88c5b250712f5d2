/**
 * A projective map of the plane: the 3 x 3 matrix, row-major [9], that takes (x, y, 1) to (u w, v w, w). An affine map has
 * 0 0 1 as its last row.
 */
export type PlaneMap = Float64Array;

/** Matching points: x, y of the first picture and u, v of the second [count, 4]. */
export type PointPairs = Float64Array;

/** @returns where (x, y) goes; not finite where it goes to infinity. */
export function mapPoint(map: PlaneMap, x: number, y: number): [number, number] {
  const w = map[6]! * x + map[7]! * y + map[8]!;
  return [(map[0]! * x + map[1]! * y + map[2]!) / w, (map[3]! * x + map[4]! * y + map[5]!) / w];
}

/** @returns the matrix product a b: first b, then a. */
export function composeMaps(a: PlaneMap, b: PlaneMap): PlaneMap {
  const product = new Float64Array(9);
  for (let i = 0; i < 9; i++) {
    const row = i - (i % 3);
    for (let k = 0; k < 3; k++) product[i] = product[i]! + a[row + k]! * b[3 * k + (i % 3)]!;
  }
  return product;
}

/** @returns the map the other way round, scaled so that its last entry is 1; undefined if there is none. */
export function invertMap(map: PlaneMap): PlaneMap | undefined {
  const [a, b, c, d, e, f, g, h, i] = map as unknown as [number, number, number, number, number, number, ...number[]];
  const adjugate = [
    ...[e * i! - f * h!, c * h! - b * i!, b * f - c * e],
    ...[f * g! - d * i!, a * i! - c * g!, c * d - a * f],
    ...[d * h! - e * g!, b * g! - a * h!, a * e - b * d],
  ];
  const determinant = a * adjugate[0]! + b * adjugate[3]! + c * adjugate[6]!;
  const size = Math.max(...map.map(Math.abs));
  if (!(Math.abs(determinant) > 1e-15 * size ** 3)) return undefined;
  return scaleToOne(Float64Array.from(adjugate));
}

/** @returns the same map with 1 as its last entry; undefined where that entry vanishes, as no picture of ours is mapped so. */
export function scaleToOne(map: PlaneMap): PlaneMap | undefined {
  const last = map[8]!;
  const scaled = map.map((value) => value / last);
  return scaled.every(Number.isFinite) ? scaled : undefined;
}
