import type { Preprocess } from '../model/manifest.js';

/** Size of the network's input; with fit 'cover' what sticks out is cropped evenly, with 'fill' the aspect is given up. */
export interface ResizePlan {
  width: number;
  height: number;
  fit: 'cover' | 'fill';
}

/** Sides at other scales are multiples of this, so that every network of the usual strides takes them. */
const SCALED_MULTIPLE_PX = 16;
const MIN_SIZE_PX = 32;
/** Pictures longer than this are squeezed, or a panorama would cost a hundred times as much. */
const MAX_VIEW_ASPECT = 4;

/** @returns the preprocessing of one scale of a picture: the same with another size. */
export function atScale(preprocess: Preprocess, scale: number): Preprocess {
  const scaled = Math.round((preprocess.size * scale) / SCALED_MULTIPLE_PX) * SCALED_MULTIPLE_PX;
  const size = scale === 1 ? preprocess.size : Math.max(MIN_SIZE_PX, scaled);
  return { ...preprocess, size, scales: undefined };
}

/** @returns the largest scale at which a picture is described. */
export function largestScale({ scales = [1] }: Preprocess): number {
  return Math.max(...scales);
}

/** @returns the size that a picture (or region) of width x height pixels is brought to by the model's policy, at its largest scale. */
export function planResize(width: number, height: number, preprocess: Preprocess): ResizePlan {
  const { policy } = preprocess;
  const { size } = atScale(preprocess, largestScale(preprocess));
  if (policy === 'center-crop') return { width: size, height: size, fit: 'cover' };
  if (policy === 'stretch') return { width: size, height: size, fit: 'fill' };
  if (policy === 'inside') return planInside(width, height, size);
  const short = roundToMultiple(size, preprocess.multipleOf);
  const aspect = Math.min(Math.max(width, height) / Math.min(width, height), preprocess.maxAspect);
  const long = roundToMultiple(size * aspect, preprocess.multipleOf);
  return width < height ? { width: short, height: long, fit: 'cover' } : { width: long, height: short, fit: 'cover' };
}

/** Shrinks, never enlarges: what a small picture shows is not made finer by larger pixels. */
function planInside(width: number, height: number, size: number): ResizePlan {
  const shrink = Math.min(1, size / Math.max(width, height));
  return { width: roundToMultiple(width * shrink, 1), height: roundToMultiple(height * shrink, 1), fit: 'fill' };
}

/**
 * @returns a size for looking at all of a picture: its aspect kept as nearly as whole multiples allow, nothing cropped.
 * @param scale of the model's size; finer maps come of larger pictures
 */
export function planWholeView(width: number, height: number, preprocess: Preprocess, scale: number): ResizePlan {
  const { size } = atScale(preprocess, scale);
  const aspect = Math.min(Math.max(width, height) / Math.min(width, height), MAX_VIEW_ASPECT);
  const short = roundToMultiple(size, preprocess.multipleOf);
  const long = roundToMultiple(size * aspect, preprocess.multipleOf);
  return width < height ? { width: short, height: long, fit: 'fill' } : { width: long, height: short, fit: 'fill' };
}

function roundToMultiple(value: number, multiple: number): number {
  return Math.max(1, Math.round(value / multiple)) * multiple;
}
