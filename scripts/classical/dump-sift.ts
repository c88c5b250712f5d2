/**
 * Prints the SIFT points of pictures for check-sift.py to compare: one JSON line a picture, points as x, y (pixel centres at
 * whole numbers), diameter 2 sigma, angle in degrees; descriptors as base64 of float32 [count, 128].
 *
 *     node dist/scripts/classical/dump-sift.js PICTURE.ppm ...
 */
import { readFile } from 'node:fs/promises';
import { greyPlane } from '../../engine/classical/grey.js';
import { sift } from '../../engine/classical/sift/sift.js';
import type { Pixels } from '../../engine/types.js';

/** Binary PPM of 8 bit, so that both sides see the same pixels whatever their JPEG decoders do. */
function parsePpm(bytes: Uint8Array): Pixels {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
  if (header === null) throw new Error('expected a binary PPM of 8 bit');
  const [width, height] = [Number(header[1]), Number(header[2])];
  return { width, height, data: bytes.subarray(header[0].length) };
}

for (const path of process.argv.slice(2)) {
  const pixels = parsePpm(await readFile(path));
  const started = performance.now();
  const { keyPoints, descriptors } = sift(greyPlane(pixels));
  const ms = performance.now() - started;
  const points = keyPoints.map(({ x, y, sigma, angle }) => [x - 0.5, y - 0.5, 2 * sigma, (angle * 180) / Math.PI]);
  const encoded = Buffer.from(descriptors.buffer).toString('base64');
  process.stdout.write(`${JSON.stringify({ path, ms, points, descriptors: encoded })}\n`);
}
