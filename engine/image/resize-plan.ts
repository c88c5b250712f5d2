import type { Preprocess } from '../model/manifest.js';

/** Size of the network's input; with fit 'cover' what sticks out is cropped evenly, with 'fill' the aspect is given up. */
export interface ResizePlan {
  width: number;
  height: number;
  fit: 'cover' | 'fill';
}

/** @returns the size that a picture (or region) of width x height pixels is brought to by the model's policy. */
export function planResize(width: number, height: number, preprocess: Preprocess): ResizePlan {
  const { policy, size } = preprocess;
  if (policy === 'center-crop') return { width: size, height: size, fit: 'cover' };
  if (policy === 'stretch') return { width: size, height: size, fit: 'fill' };
  const short = roundToMultiple(size, preprocess.multipleOf);
  const aspect = Math.min(Math.max(width, height) / Math.min(width, height), preprocess.maxAspect);
  const long = roundToMultiple(size * aspect, preprocess.multipleOf);
  return width < height ? { width: short, height: long, fit: 'cover' } : { width: long, height: short, fit: 'cover' };
}

function roundToMultiple(value: number, multiple: number): number {
  return Math.max(1, Math.round(value / multiple)) * multiple;
}
