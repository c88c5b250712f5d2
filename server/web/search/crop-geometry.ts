import type { Region } from '../../../engine/types.js';

export type Corner = 'nw' | 'ne' | 'sw' | 'se';
export const CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];

export interface Point {
  x: number;
  y: number;
}

/** Side of the smallest part, as a fraction of the picture's. */
const LEAST = 0.05;

/** The part between two points, in fractions of the picture; undefined for a click rather than a stroke. */
export function regionBetween(a: Point, b: Point): Region | undefined {
  const [from, to] = [inside(a), inside(b)];
  const region = {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
  return region.width < LEAST || region.height < LEAST ? undefined : region;
}

/** The part moved as a whole, as far as the picture goes. */
export function moveRegion(region: Region, by: Point): Region {
  return {
    ...region,
    x: clamp(region.x + by.x, 0, 1 - region.width),
    y: clamp(region.y + by.y, 0, 1 - region.height),
  };
}

/** The part with one of its corners moved; the opposite one stays. */
export function moveCorner(region: Region, corner: Corner, by: Point): Region {
  const horizontal = moveEdge(region.x, region.width, corner.endsWith('w'), by.x);
  const vertical = moveEdge(region.y, region.height, corner.startsWith('n'), by.y);
  return { x: horizontal.start, width: horizontal.length, y: vertical.start, height: vertical.length };
}

/** Whether the part is the whole picture. */
export function isWhole({ width, height }: Region): boolean {
  return width > 0.99 && height > 0.99;
}

/** One side of a box, moved at its start or its end. */
function moveEdge(start: number, length: number, atStart: boolean, by: number): { start: number; length: number } {
  const end = start + length;
  if (!atStart) return { start, length: clamp(end + by, start + LEAST, 1) - start };
  const moved = clamp(start + by, 0, end - LEAST);
  return { start: moved, length: end - moved };
}

function inside({ x, y }: Point): Point {
  return { x: clamp(x, 0, 1), y: clamp(y, 0, 1) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
