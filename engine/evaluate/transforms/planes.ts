import type { Pixels } from '../../types.js';

/** Interleaved samples [height, width, channels]: a picture's colours, or its mask. */
export interface Plane {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array;
}

/** Does the same to the colours and, where there is one, to the mask. */
export function mapPlanes(pixels: Pixels, map: (plane: Plane) => Plane): Pixels {
  const { width, height, data, mask } = pixels;
  const colours = map({ width, height, channels: 3, data });
  const mapped = { width: colours.width, height: colours.height, data: colours.data };
  return mask ? { ...mapped, mask: map({ width, height, channels: 1, data: mask }).data } : mapped;
}

/** @returns the index mirrored back into 0..length-1, the edge sample repeated: c b a | a b c | c b a. */
export function reflect(index: number, length: number): number {
  const wrapped = ((index % (2 * length)) + 2 * length) % (2 * length);
  return wrapped < length ? wrapped : 2 * length - 1 - wrapped;
}
