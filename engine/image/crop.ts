import type { Pixels } from '../types.js';
import type { PixelRegion } from './region.js';

/** @returns a copy of a part of a picture, which lies within it. */
export function cropPixels({ width, data, mask }: Pixels, region: PixelRegion): Pixels {
  const part = { width: region.width, height: region.height, data: cropPlane(data, width, 3, region) };
  return mask === undefined ? part : { ...part, mask: cropPlane(mask, width, 1, region) };
}

function cropPlane(plane: Uint8Array, width: number, channels: number, region: PixelRegion): Uint8Array {
  const length = region.width * channels;
  const part = new Uint8Array(length * region.height);
  for (let row = 0; row < region.height; row++) {
    const start = ((region.y + row) * width + region.x) * channels;
    part.set(plane.subarray(start, start + length), row * length);
  }
  return part;
}
