import { LikenessError } from '../errors.js';
import type { Region } from '../types.js';

/** A rectangle of whole pixels that lies within its picture. */
export interface PixelRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Resolves a region to whole pixels of an oriented picture: fractions if all four numbers are at most 1, else pixels.
 * Edges are rounded to the nearest pixel edge, and at least one pixel is kept.
 *
 * @param size width and height of the oriented picture
 * @throws LikenessError invalid_region if the region reaches beyond the picture or is empty
 */
export function resolveRegion(region: Region, size: { width: number; height: number }): PixelRegion {
  const isFraction = [region.x, region.y, region.width, region.height].every((value) => value <= 1);
  const horizontal = resolveSpan(region.x, region.width, size.width, isFraction);
  const vertical = resolveSpan(region.y, region.height, size.height, isFraction);
  if (!horizontal || !vertical) throw outside(region, size);
  return { x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length };
}

/**
 * Grows a region by a share of its own size on each side, clipped to the picture: what lies around an object tells a
 * network what it is.
 *
 * @param context share of width and height, 0 or more; 0 gives the region back
 */
export function withContext(
  region: PixelRegion,
  context: number,
  size: { width: number; height: number },
): PixelRegion {
  const horizontal = growSpan(region.x, region.width, context, size.width);
  const vertical = growSpan(region.y, region.height, context, size.height);
  return { x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length };
}

function growSpan(start: number, length: number, context: number, limit: number) {
  const margin = Math.round(length * context);
  const first = Math.max(0, start - margin);
  return { start: first, length: Math.min(limit, start + length + margin) - first };
}

/** One axis of a region. @returns undefined if the span is empty, not finite or not within 0..size */
function resolveSpan(start: number, length: number, size: number, isFraction: boolean) {
  const unit = isFraction ? size : 1;
  const first = Math.round(start * unit);
  const end = Math.round((start + length) * unit);
  if (!(start >= 0 && length > 0 && first <= size && end <= size)) return undefined;
  const kept = Math.min(first, size - 1);
  return { start: kept, length: Math.max(end - kept, 1) };
}

/** @throws LikenessError invalid_region unless the region is whole pixels within the picture */
export function checkPixelRegion(region: Region, size: { width: number; height: number }): void {
  const { x, y, width, height } = region;
  const isWithin =
    x >= 0 && y >= 0 && width >= 1 && height >= 1 && x + width <= size.width && y + height <= size.height;
  if (!isWithin || ![x, y, width, height].every(Number.isSafeInteger)) throw outside(region, size);
}

function outside(region: Region, size: { width: number; height: number }): LikenessError {
  const { x, y, width, height } = region;
  return new LikenessError(
    'invalid_region',
    `expected a region within the oriented picture of ${size.width}x${size.height} pixels (or fractions, all at most 1), ` +
      `got x ${x}, y ${y}, width ${width}, height ${height}`,
    { details: { x, y, width, height, imageWidth: size.width, imageHeight: size.height } },
  );
}
