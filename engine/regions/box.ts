/** A rectangle by its edges: cells of a grid, pixels, or fractions of a picture, as the user of it says. */
export interface Box {
  left: number;
  top: number;
  /** Past the last column or row. */
  right: number;
  bottom: number;
}

export interface ScoredBox extends Box {
  score: number;
  /** What a detector calls it. */
  label?: string;
}

export function areaOf({ left, top, right, bottom }: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** @returns intersection over union, 0 (apart) to 1 (the same). */
export function overlap(a: Box, b: Box): number {
  const shared = areaOf({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const all = areaOf(a) + areaOf(b) - shared;
  return all > 0 ? shared / all : 0;
}

/**
 * Non-maximum suppression: the best box, then the next that overlaps none of those kept by more than `maxOverlap`.
 * @returns at most `limit` boxes by falling score; of equal scores the earlier first
 */
export function suppress<B extends ScoredBox>(boxes: readonly B[], maxOverlap: number, limit: number): B[] {
  const kept: B[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === limit) break;
    if (kept.every((better) => overlap(better, box) <= maxOverlap)) kept.push(box);
  }
  return kept;
}

/** @returns the box in other units. */
export function scaled<B extends Box>(box: B, horizontal: number, vertical: number): B {
  const { left, top, right, bottom } = box;
  return {
    ...box,
    ...{ left: left * horizontal, top: top * vertical, right: right * horizontal, bottom: bottom * vertical },
  };
}
