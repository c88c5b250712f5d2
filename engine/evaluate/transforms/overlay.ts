import type { Pixels } from '../../types.js';
import type { Transform } from './transform.js';

/** A part of a picture as fractions of its sides, from left above. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Strokes of the lettering, and the gaps between them, as fractions of the banner's height. */
const STROKE = 0.25;

/** Lays an opaque banner with dark strokes like lettering over a part of the picture, as captions and price tags are. */
export function overlay(name: string, { x, y, width, height }: Box): Transform {
  return {
    name,
    apply: (pixels) => {
      const [left, right] = [Math.round(x * pixels.width), Math.round((x + width) * pixels.width)];
      const [top, bottom] = [Math.round(y * pixels.height), Math.round((y + height) * pixels.height)];
      const stroke = Math.max(1, Math.round((bottom - top) * STROKE));
      const isLettering = (column: number, row: number): boolean =>
        column % (2 * stroke) < stroke && row >= stroke && row < bottom - top - stroke;
      return paint(pixels, (column, row) => {
        if (column < left || column >= right || row < top || row >= bottom) return undefined;
        return isLettering(column - left, row - top) ? 20 : 240;
      });
    },
  };
}

/** Paints a frame of one grey over the edges; its breadth is a fraction of the short side. */
export function frame(name: string, breadth: number, grey: number): Transform {
  return {
    name,
    apply: (pixels) => {
      const { width, height } = pixels;
      const edge = Math.round(breadth * Math.min(width, height));
      return paint(pixels, (x, y) => (Math.min(x, y, width - 1 - x, height - 1 - y) < edge ? grey : undefined));
    },
  };
}

/** @param greyAt what covers a pixel, or undefined where the picture stays; what covers is opaque. */
function paint(pixels: Pixels, greyAt: (x: number, y: number) => number | undefined): Pixels {
  const data = Uint8Array.from(pixels.data);
  const mask = pixels.mask === undefined ? undefined : Uint8Array.from(pixels.mask);
  for (let pixel = 0; pixel * 3 < data.length; pixel++) {
    const grey = greyAt(pixel % pixels.width, Math.floor(pixel / pixels.width));
    if (grey === undefined) continue;
    data.fill(grey, pixel * 3, pixel * 3 + 3);
    if (mask !== undefined) mask[pixel] = 255;
  }
  return { ...pixels, data, ...(mask === undefined ? {} : { mask }) };
}
