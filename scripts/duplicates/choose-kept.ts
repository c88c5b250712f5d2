import type { ImageRecord } from '../../engine/types.js';

/** Which image of a group is kept. */
export type KeepRule = 'oldest' | 'largest';

/** @param images at least one. @returns the one that was added first, or has most pixels (then most bytes, then the oldest). */
export function chooseKept(images: readonly ImageRecord[], rule: KeepRule): ImageRecord {
  const oldestFirst = (a: ImageRecord, b: ImageRecord): number =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1;
  const largestFirst = (a: ImageRecord, b: ImageRecord): number =>
    b.width * b.height - a.width * a.height || b.bytes - a.bytes || oldestFirst(a, b);
  return [...images].sort(rule === 'oldest' ? oldestFirst : largestFirst)[0]!;
}
