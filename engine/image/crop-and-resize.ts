import type { Sharp } from 'sharp';
import type { Preprocess } from '../model/manifest.js';
import type { PixelRegion } from './region.js';
import type { ResizePlan } from './resize-plan.js';

/** What is cut from a picture, and the size that it is brought to. */
export interface Cut {
  /** In oriented pixels; without it the whole picture. */
  region: PixelRegion | undefined;
  plan: ResizePlan;
  kernel: Preprocess['kernel'];
}

/** autoOrient comes before extract, so that the region is cut from what people see; sharp keeps to the order of calls. */
export function cropAndResize(image: Sharp, { region, plan, kernel }: Cut): Sharp {
  const oriented = image.autoOrient();
  const cropped = region ? oriented.extract({ left: region.x, top: region.y, ...sizeOf(region) }) : oriented;
  const { width, height, fit } = plan;
  // Shrinking while loading saves most of a large picture's time. Its fast form goes further, and was twice as far from a
  // full decode (mean error 1.0 against 0.5 grey levels on 3600x3000 JPEG, 3.0 against 0.5 on WebP).
  return cropped.resize(width, height, { fit, kernel, fastShrinkOnLoad: false });
}

const sizeOf = ({ width, height }: PixelRegion) => ({ width, height });
