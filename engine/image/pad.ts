import type { Pixels } from '../types.js';

/** @returns the picture in the top left corner of a square of `size` pixels, the rest grey. Masks are dropped. */
export function padToSquare({ width, height, data }: Pixels, size: number, grey: number): Pixels {
  const padded = new Uint8Array(size * size * 3).fill(grey);
  for (let y = 0; y < Math.min(height, size); y++) {
    const row = data.subarray(y * width * 3, (y * width + Math.min(width, size)) * 3);
    padded.set(row, y * size * 3);
  }
  return { width: size, height: size, data: padded };
}
