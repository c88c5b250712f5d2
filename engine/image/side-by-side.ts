import type { Pixels } from '../types.js';

/** Two pictures on one canvas, and where on it the points of each are. */
export interface SideBySide {
  canvas: Pixels;
  /** Pixels from the left edge at which each picture begins; both begin at the top. */
  offsets: readonly [a: number, b: number];
}

/** Puts two pictures beside each other on a canvas of one grey. */
export function sideBySide(a: Pixels, b: Pixels, gapPx: number, grey: number): SideBySide {
  const width = a.width + gapPx + b.width;
  const height = Math.max(a.height, b.height);
  const canvas = { width, height, data: new Uint8Array(width * height * 3).fill(grey) };
  const offsets = [0, a.width + gapPx] as const;
  paste(canvas, a, offsets[0]);
  paste(canvas, b, offsets[1]);
  return { canvas, offsets };
}

function paste(canvas: Pixels, picture: Pixels, left: number): void {
  for (let row = 0; row < picture.height; row++) {
    const line = picture.data.subarray(row * picture.width * 3, (row + 1) * picture.width * 3);
    canvas.data.set(line, (row * canvas.width + left) * 3);
  }
}
