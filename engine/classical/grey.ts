import type { Pixels } from '../types.js';

/** One value a pixel, row-major [height, width]. */
export interface Plane {
  width: number;
  height: number;
  data: Float32Array;
}

/** @returns the luma of a picture (BT.601: 0.299 R + 0.587 G + 0.114 B) in 0..1. */
export function greyPlane({ width, height, data }: Pixels): Plane {
  const grey = new Float32Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    grey[pixel] = (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;
  }
  return { width, height, data: grey };
}
