import sharp from 'sharp';
import type { Pixels } from '../../engine/types.js';
import { seededRandom } from './vectors.js';

/** Ellipses of random greys, seen everywhere as key points. Same seed, same pixels. */
export function texturedPixels(seed: number, side = 200): Pixels {
  const random = seededRandom(seed);
  const data = new Uint8Array(side * side * 3).fill(128);
  for (let i = 0; i < 70; i++) {
    const [cx, cy, radius, grey] = [random() * side, random() * side, 4 + random() * 10, Math.floor(random() * 256)];
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        if (((x - cx) / 1.6) ** 2 + (y - cy) ** 2 < radius ** 2)
          data.fill(grey, 3 * (y * side + x), 3 * (y * side + x) + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

/** The same as a PNG. */
export function texturedPicture(seed: number, side = 200): Promise<Buffer> {
  const { width, height, data } = texturedPixels(seed, side);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
