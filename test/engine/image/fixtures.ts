/** Pictures made in code: nothing is read from disk, and every pixel is known. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { LikenessError } from '../../../engine/errors.js';
import type { ErrorCode } from '../../../engine/errors.js';
import { imageLimitsSchema } from '../../../engine/image/limits.js';
import { preprocessSchema } from '../../../engine/model/manifest.js';
import type { Pixels } from '../../../engine/types.js';

export type Rgb = readonly [number, number, number];

export const RED: Rgb = [255, 0, 0];
export const GREEN: Rgb = [0, 255, 0];
export const BLUE: Rgb = [0, 0, 255];
export const WHITE: Rgb = [255, 255, 255];

export const LIMITS = imageLimitsSchema.parse({});
export const STRETCH_64 = preprocessSchema.parse({ policy: 'stretch', size: 64 });
export const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;

/** A raw RGB picture painted pixel by pixel, ready to be encoded. */
export function paint(width: number, height: number, colourAt: (x: number, y: number) => Rgb): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colourAt(x, y), (y * width + x) * 3);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Red top left, green top right, blue bottom left, white bottom right. */
export function cornerColour(x: number, y: number, width: number, height: number): Rgb {
  if (y < height / 2) return x < width / 2 ? RED : GREEN;
  return x < width / 2 ? BLUE : WHITE;
}

export const corners = (width: number, height: number) =>
  paint(width, height, (x, y) => cornerColour(x, y, width, height));

/** Texture that neither compresses away nor hides damage; the same bytes each time. */
export function noise(width: number, height: number): Sharp {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  return paint(width, height, () => [next(), next(), next()]);
}

/** One flat colour; alpha 0..1 makes it RGBA. */
export function solid([r, g, b]: Rgb, alpha?: number): Sharp {
  const background = alpha === undefined ? { r, g, b } : { r, g, b, alpha };
  return sharp({ create: { width: 64, height: 64, channels: alpha === undefined ? 3 : 4, background } });
}

/** @returns the colour at a place given in fractions of width and height. */
export function colourAt(pixels: Pixels, fx: number, fy: number): number[] {
  const x = Math.floor(fx * pixels.width);
  const y = Math.floor(fy * pixels.height);
  const start = (y * pixels.width + x) * 3;
  return [...pixels.data.subarray(start, start + 3)];
}

/** @returns the largest difference between a colour and the one expected. */
export const colourError = (got: readonly number[], expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - (got[i] ?? NaN))));

/** @returns the code that a promise is rejected with, or 'none' if it is not; throws what is no LikenessError. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'none'> {
  try {
    await work;
    return 'none';
  } catch (thrown) {
    if (thrown instanceof LikenessError) return thrown.code;
    throw thrown;
  }
}
