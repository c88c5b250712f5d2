import type { Plane } from '../grey.js';

/** From a pixel to the peak of the parabola through it and its neighbours, and the value there. */
export interface Offset {
  x: number;
  y: number;
  layer: number;
  value: number;
}

/**
 * The second order Taylor expansion in x, y and layer (Brown & Lowe 2002): offset = -H^-1 g, value = D + g . offset / 2.
 * @returns undefined where the Hessian has no inverse.
 */
export function offsetOfPeak(planes: readonly Plane[], layer: number, x: number, y: number): Offset | undefined {
  const { width, data } = planes[layer]!;
  const [below, above] = [planes[layer - 1]!.data, planes[layer + 1]!.data];
  const at = y * width + x;
  const value = data[at]!;
  const gx = (data[at + 1]! - data[at - 1]!) / 2;
  const gy = (data[at + width]! - data[at - width]!) / 2;
  const gs = (above[at]! - below[at]!) / 2;
  const xx = data[at + 1]! + data[at - 1]! - 2 * value;
  const yy = data[at + width]! + data[at - width]! - 2 * value;
  const ss = above[at]! + below[at]! - 2 * value;
  const xy = (data[at + width + 1]! - data[at + width - 1]! - data[at - width + 1]! + data[at - width - 1]!) / 4;
  const xs = (above[at + 1]! - above[at - 1]! - below[at + 1]! + below[at - 1]!) / 4;
  const ys = (above[at + width]! - above[at - width]! - below[at + width]! + below[at - width]!) / 4;
  // cofactors of the symmetric H
  const [cxx, cxy, cxs] = [yy * ss - ys * ys, ys * xs - xy * ss, xy * ys - yy * xs];
  const [cyy, cys, css] = [xx * ss - xs * xs, xy * xs - xx * ys, xx * yy - xy * xy];
  const determinant = xx * cxx + xy * cxy + xs * cxs;
  if (determinant === 0) return undefined;
  const ox = -(cxx * gx + cxy * gy + cxs * gs) / determinant;
  const oy = -(cxy * gx + cyy * gy + cys * gs) / determinant;
  const os = -(cxs * gx + cys * gy + css * gs) / determinant;
  return { x: ox, y: oy, layer: os, value: value + (gx * ox + gy * oy + gs * os) / 2 };
}
