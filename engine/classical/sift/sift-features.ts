import type { Pixels } from '../../types.js';
import { greyPlane } from '../grey.js';
import type { LocalFeatures } from '../matching/local-features.js';
import { SIFT_DIMENSION } from './describe-point.js';
import { toRootSift } from './root-sift.js';
import { sift, SIFT_DEFAULTS, type SiftPoints } from './sift.js';

/** Where the pixels lie in the picture that they were made of, in its pixels. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface SiftFeatureOptions {
  /** The strongest key points are kept. */
  maxPoints: number;
  /** Points are given in the pixels of this; without it, in those of `pixels`. */
  frame?: Frame;
}

/** @returns the key points of a picture with RootSIFT descriptors, none in transparent places or where nothing stands out. */
export function siftFeatures(pixels: Pixels, { maxPoints, frame }: SiftFeatureOptions): LocalFeatures {
  const { keyPoints, descriptors } = opaquePoints(sift(greyPlane(pixels), { ...SIFT_DEFAULTS, maxPoints }), pixels);
  const { x, y, width, height } = frame ?? { x: 0, y: 0, width: pixels.width, height: pixels.height };
  const [zoomX, zoomY] = [width / pixels.width, height / pixels.height];
  const points = new Float32Array(2 * keyPoints.length);
  keyPoints.forEach((point, i) => points.set([x + point.x * zoomX, y + point.y * zoomY], 2 * i));
  return { width, height, points, descriptors: toRootSift(descriptors), dimension: SIFT_DIMENSION };
}

function opaquePoints({ keyPoints, descriptors }: SiftPoints, { mask, width }: Pixels): SiftPoints {
  if (mask === undefined) return { keyPoints, descriptors };
  const isOpaque = keyPoints.map(({ x, y }) => mask[Math.floor(y) * width + Math.floor(x)]! > 127);
  return {
    keyPoints: keyPoints.filter((_, i) => isOpaque[i]),
    descriptors: descriptors.filter((_, at) => isOpaque[Math.floor(at / SIFT_DIMENSION)]),
  };
}
