import { preprocessPixels } from './image/raw-pixels.js';
import { atScale, largestScale } from './image/resize-plan.js';
import type { Preprocess } from './model/manifest.js';
import type { Pixels } from './types.js';

/**
 * @param pixels as decoding gives them: at the largest scale.
 * @returns the picture at each scale of the preprocessing, smaller ones made of the largest.
 */
export async function pixelsAtScales(pixels: Pixels, preprocess: Preprocess): Promise<Pixels[]> {
  const { scales } = preprocess;
  if (scales === undefined) return [pixels];
  const largest = largestScale(preprocess);
  return Promise.all(
    scales.map((scale) =>
      scale === largest ? Promise.resolve(pixels) : preprocessPixels(pixels, atScale(preprocess, scale)),
    ),
  );
}
