import { SIFT_DIMENSION } from './describe-point.js';

/**
 * RootSIFT (Arandjelovic & Zisserman 2012): each descriptor divided by its sum, then the square root of each number. Its
 * dot product is the Hellinger kernel of the histograms, and its length is 1. Changes the array.
 * @param descriptors [count, 128], non-negative.
 */
export function toRootSift(descriptors: Float32Array): Float32Array {
  for (let start = 0; start < descriptors.length; start += SIFT_DIMENSION) {
    const row = descriptors.subarray(start, start + SIFT_DIMENSION);
    const sum = row.reduce((total, value) => total + value, 1e-7);
    for (let i = 0; i < row.length; i++) row[i] = Math.sqrt(row[i]! / sum);
  }
  return descriptors;
}
