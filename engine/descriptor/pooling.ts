import type { FeatureMap } from '../types.js';
import { centrePrior } from './centre-prior.js';

/**
 * Feature map [C,h,w] -> one number a channel [C]. weights [h*w] in 0..1, where given, say how much each cell counts; a
 * cell of weight 0 counts as if it were not there, and where no cell counts every channel is 0.
 */
export type Pooling = (map: FeatureMap, weights?: Float32Array) => Float32Array;

/** MAC: the greatest activation of each channel (Azizpour 2014, Tolias 2015). Any positive weight counts in full. */
export const mac: Pooling = (map, weights) => {
  const area = map.height * map.width;
  return perChannel(map, (offset) => {
    const peak = channelMax(map.data, offset, area, weights);
    return peak === -Infinity ? 0 : peak;
  });
};

/** SPoC: the mean of each channel (Babenko & Lempitsky 2015); the sum is the same after l2. */
export const spoc: Pooling = (map, weights) => {
  const area = map.height * map.width;
  const total = totalWeight(area, weights);
  return perChannel(map, (offset) => {
    let sum = 0;
    for (let cell = 0; cell < area; cell++) sum += (weights?.[cell] ?? 1) * map.data[offset + cell]!;
    return total > 0 ? sum / total : 0;
  });
};

/** SPoC with the centre prior: see {@link centrePrior}. */
export const centredSpoc: Pooling = (map, weights) => {
  const prior = centrePrior(map.height, map.width);
  return spoc(map, weights === undefined ? prior : prior.map((weight, cell) => weight * weights[cell]!));
};

/**
 * GeM: (mean of max(x, eps)^p)^(1/p) of each channel (Radenovic 2018). p = 1 is spoc of a non-negative map; p -> infinity is mac.
 * Each channel is divided by its maximum first, so that no power overflows, nor underflows all at once.
 * @param p for all channels, or one for each [C].
 */
export function gem(p: number | readonly number[], eps: number): Pooling {
  const exponentOf = typeof p === 'number' ? () => p : (channel: number) => p[channel]!;
  return (map, weights) => {
    const area = map.height * map.width;
    const total = totalWeight(area, weights);
    if (total === 0) return new Float32Array(map.channels);
    return perChannel(map, (offset, channel) => {
      const exponent = exponentOf(channel);
      const power = powerFunction(exponent);
      const peak = Math.max(eps, channelMax(map.data, offset, area, weights));
      let sum = 0;
      for (let cell = 0; cell < area; cell++) {
        const weight = weights?.[cell] ?? 1;
        if (weight > 0) sum += weight * power(Math.max(eps, map.data[offset + cell]!) / peak);
      }
      return peak * (sum / total) ** (1 / exponent);
    });
  };
}

/** The usual exponent is worth a shorter way. */
function powerFunction(exponent: number): (x: number) => number {
  return exponent === 3 ? (x) => x * x * x : (x) => x ** exponent;
}

function perChannel(map: FeatureMap, pool: (offset: number, channel: number) => number): Float32Array {
  const area = map.height * map.width;
  return Float32Array.from({ length: map.channels }, (_, channel) => pool(channel * area, channel));
}

/** -Infinity where no cell counts. */
function channelMax(data: Float32Array, offset: number, area: number, weights?: Float32Array): number {
  let peak = -Infinity;
  for (let cell = 0; cell < area; cell++) {
    if ((weights?.[cell] ?? 1) > 0) peak = Math.max(peak, data[offset + cell]!);
  }
  return peak;
}

function totalWeight(area: number, weights?: Float32Array): number {
  return weights === undefined ? area : weights.reduce((sum, weight) => sum + weight, 0);
}
