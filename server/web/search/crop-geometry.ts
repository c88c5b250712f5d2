import type { Region } from '../../../engine/types.js';

/** What a part is resized by: its corners and the middles of its edges, clockwise. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

export interface Point {
  x: number;
  y: number;
}

/** One side of a part. */
interface Side {
  start: number;
  length: number;
}

/** Side of the smallest part, as a fraction of the picture's. */
const LEAST = 0.05;
/** Between two points that a finger can tell apart, as a fraction of the picture's side: 24 pixels of a narrow one. */
const APART = 0.16;

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

/** The part with one of its handles moved; what lies opposite stays, and an edge moves across itself only. */
export function moveHandle({ x, y, width, height }: Region, handle: Handle, by: Point): Region {
  const horizontal = moveEnd({ start: x, length: width }, endOf(handle, 'w', 'e'), by.x);
  const vertical = moveEnd({ start: y, length: height }, endOf(handle, 'n', 's'), by.y);
  return { x: horizontal.start, width: horizontal.length, y: vertical.start, height: vertical.length };
}

/** @returns the regions, without those whose middle is too near to that of an earlier one for both to be pointed at. */
export function toldApart(regions: readonly Region[]): Region[] {
  const kept: Region[] = [];
  for (const region of regions) {
    const { x, y } = middleOf(region);
    const isNear = kept.map(middleOf).some((other) => Math.abs(x - other.x) < APART && Math.abs(y - other.y) < APART);
    if (!isNear) kept.push(region);
  }
  return kept;
}

/** @returns the middle of a region, in the units that it has. */
export function middleOf({ x, y, width, height }: Region): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Whether the part is the whole picture. */
export function isWhole({ width, height }: Region): boolean {
  return width > 0.99 && height > 0.99;
}

/** Which end of a side a handle moves; undefined where it moves none. */
function endOf(handle: Handle, first: string, last: string): 'first' | 'last' | undefined {
  return handle.includes(first) ? 'first' : handle.includes(last) ? 'last' : undefined;
}

function moveEnd({ start, length }: Side, moved: 'first' | 'last' | undefined, by: number): Side {
  const end = start + length;
  if (moved === undefined) return { start, length };
  if (moved === 'last') return { start, length: clamp(end + by, start + LEAST, 1) - start };
  const first = clamp(start + by, 0, end - LEAST);
  return { start: first, length: end - first };
}

function inside({ x, y }: Point): Point {
  return { x: clamp(x, 0, 1), y: clamp(y, 0, 1) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
