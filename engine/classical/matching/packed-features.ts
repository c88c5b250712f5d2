import { countPoints, type LocalFeatures } from './local-features.js';

/** {@link LocalFeatures} with one byte a number: what is kept of a picture and sent between threads. */
export interface PackedFeatures extends Omit<LocalFeatures, 'descriptors'> {
  /** [count, dimension] row-major: each number in 1/512, 255 for all above; none below 0. */
  descriptors: Uint8Array;
}

/** A number of a unit descriptor is seldom above 1/2: finer steps below are worth more than room above. */
const STEPS = 512;

/** @returns the features with descriptors in whole steps; what is above the range is cut. */
export function packFeatures(features: LocalFeatures): PackedFeatures {
  const { descriptors } = features;
  const packed = new Uint8Array(descriptors.length);
  for (let i = 0; i < packed.length; i++) packed[i] = Math.min(255, Math.round(descriptors[i]! * STEPS));
  return { ...features, descriptors: packed };
}

/** @returns the features with descriptors of length 1 again. */
export function unpackFeatures(features: PackedFeatures): LocalFeatures {
  const { descriptors, dimension } = features;
  const unpacked = Float32Array.from(descriptors);
  for (let row = 0; row < countPoints(features); row++)
    toUnit(unpacked.subarray(row * dimension, (row + 1) * dimension));
  return { ...features, descriptors: unpacked };
}

function toUnit(row: Float32Array): void {
  let squares = 0;
  for (const value of row) squares += value * value;
  const scale = 1 / Math.max(1, Math.sqrt(squares));
  for (let i = 0; i < row.length; i++) row[i] = row[i]! * scale;
}
