import type { Pixels } from '../types.js';

export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

/** Draws a line into the picture, in place, about `thicknessPx` broad; what lies outside is left out. */
export function drawLine(pixels: Pixels, from: Point, to: Point, colour: Colour, thicknessPx: number): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  // half a pixel a step, so that no pixel on the way is missed
  const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(dx), Math.abs(dy))));
  for (let step = 0; step <= steps; step++)
    drawDot(pixels, [from[0] + (dx * step) / steps, from[1] + (dy * step) / steps], colour, thicknessPx);
}

/** Draws the outline of a rectangle, in place. */
export function drawBox(
  pixels: Pixels,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  colour: Colour,
  thicknessPx: number,
): void {
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  corners.forEach((corner, i) => drawLine(pixels, corner, corners[(i + 1) % 4]!, colour, thicknessPx));
}

/** @param centre in pixels; (0.5, 0.5) is the middle of the first. */
function drawDot({ width, height, data }: Pixels, [x, y]: Point, colour: Colour, sizePx: number): void {
  const [left, top] = [Math.round(x - sizePx / 2), Math.round(y - sizePx / 2)];
  for (let row = Math.max(0, top); row < Math.min(height, top + sizePx); row++)
    for (let column = Math.max(0, left); column < Math.min(width, left + sizePx); column++)
      data.set(colour, (row * width + column) * 3);
}
