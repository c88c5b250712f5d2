import type { Pixels } from '../types.js';

/** Transparent pixels are seen on white: the background of most product pictures. */
export const BACKGROUND = 255;

/**
 * Lays RGBA pixels on white and keeps alpha as the mask. Colour and mask come from one resized buffer, so they fit
 * pixel by pixel.
 *
 * @param data [height, width, 4], not premultiplied
 * @returns RGB pixels; without a mask if every pixel is opaque
 */
export function flattenAlpha(data: Uint8Array, width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  const mask = new Uint8Array(width * height);
  let isOpaque = true;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const alpha = data[pixel * 4 + 3]!;
    if (alpha !== 255) isOpaque = false;
    mask[pixel] = alpha;
    for (let channel = 0; channel < 3; channel++) {
      const colour = data[pixel * 4 + channel]!;
      rgb[pixel * 3 + channel] = Math.round(BACKGROUND + ((colour - BACKGROUND) * alpha) / 255);
    }
  }
  return isOpaque ? { width, height, data: rgb } : { width, height, data: rgb, mask };
}
