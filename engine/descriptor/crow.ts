import type { FeatureMap } from '../types.js';
import { activationMap } from './activation-map.js';
import type { Pooling } from './pooling.js';

/**
 * CroW (Kalantidis, Mellina & Osindero 2016): cells weighted by their activation, channels by their rarity.
 * w = (S / |S|)^(1/2) of a cell, c_k = log(sum of nz / nz_k) of a channel, nz_k its share of cells above 0 (c_k = 0 where
 * that is none); f_k = c_k * sum of w X_k.
 */
export const crow: Pooling = (map, weights) => {
  const cells = spatialWeights(map, weights);
  const rarity = channelWeights(map, weights);
  const area = map.height * map.width;
  return rarity.map((weight, channel) => {
    let sum = 0;
    for (let cell = 0; cell < area; cell++) sum += cells[cell]! * map.data[channel * area + cell]!;
    return weight * sum;
  });
};

/** A cell that is masked in part counts in part, both in S and in the sum. */
function spatialWeights(map: FeatureMap, weights?: Float32Array): Float64Array {
  const sums = activationMap(map, weights);
  const length = Math.hypot(...sums);
  return sums.map((sum, cell) => (length > 0 ? Math.sqrt(Math.max(0, sum) / length) * (weights?.[cell] ?? 1) : 0));
}

function channelWeights({ data, channels, height, width }: FeatureMap, weights?: Float32Array): Float32Array {
  const area = height * width;
  const active = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let cell = 0; cell < area; cell++) {
      if (data[channel * area + cell]! > 0) active[channel]! += weights?.[cell] ?? 1;
    }
  }
  const total = active.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(active, (count) => (count > 0 ? Math.log(total / count) : 0));
}
