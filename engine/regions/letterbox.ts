import type { ScoredBox } from './box.js';

/** @returns the size at which a picture just fits into a square, aspect kept. */
export function fitInto(size: number, width: number, height: number): { width: number; height: number } {
  const ratio = size / Math.max(width, height);
  return { width: Math.max(1, Math.floor(width * ratio)), height: Math.max(1, Math.floor(height * ratio)) };
}

/**
 * @param box in pixels of the square, whose top left corner the picture takes up
 * @param fitted size of the picture in it
 * @returns the box in fractions of the picture, clipped to it; undefined where nothing of it lies on the picture
 */
export function outOfLetterbox(box: ScoredBox, fitted: { width: number; height: number }): ScoredBox | undefined {
  const clip = (value: number, limit: number) => Math.min(1, Math.max(0, value / limit));
  const [left, right] = [clip(box.left, fitted.width), clip(box.right, fitted.width)];
  const [top, bottom] = [clip(box.top, fitted.height), clip(box.bottom, fitted.height)];
  return right > left && bottom > top ? { ...box, left, top, right, bottom } : undefined;
}
