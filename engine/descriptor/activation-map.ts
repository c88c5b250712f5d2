import type { FeatureMap } from '../types.js';

/** @returns S [h*w], the sum of each cell over the channels, times the cell's weight: where a network sees something. */
export function activationMap({ data, channels, height, width }: FeatureMap, weights?: Float32Array): Float64Array {
  const area = height * width;
  const sums = new Float64Array(area);
  for (let channel = 0; channel < channels; channel++) {
    for (let cell = 0; cell < area; cell++) sums[cell]! += data[channel * area + cell]!;
  }
  return weights === undefined ? sums : sums.map((sum, cell) => sum * weights[cell]!);
}
