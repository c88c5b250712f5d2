import { LikenessError } from '../errors.js';
import type { FeatureMap } from '../types.js';
import { activationMap } from './activation-map.js';
import { spoc } from './pooling.js';
import { cellsOf, type CellRegion } from './rmac-grid.js';
import type { RegionWeights } from './rmac.js';

/** Training-free: the region's share of the whole map's activation. */
export const activationAttention: RegionWeights = (map, regions, weights) => {
  const sums = activationMap(map, weights);
  const total = sums.reduce((sum, value) => sum + value, 0);
  return regions.map((region) => {
    const inside = cellsOf(region, map.width).reduce((sum, cell) => sum + sums[cell]!, 0);
    return total > 0 ? Math.max(0, inside) / total : 0;
  });
};

/**
 * Learned (Kim & Yoon 2018): a_r = softplus(w2 . tanh(W1 [mean of region; mean of map] + b1) + b2).
 * @param values W1 [hidden, 2 C] row-major, b1 [hidden], w2 [hidden], b2 [1].
 * @throws model_invalid if there are more or fewer.
 */
export function learnedAttention(values: Float32Array, hidden: number, channels: number, file: string): RegionWeights {
  const [inner, outer] = [hidden * 2 * channels, hidden];
  const expected = inner + 2 * outer + 1;
  if (values.length !== expected) {
    const shape = `${hidden} x ${2 * channels}, ${hidden}, ${hidden} and 1`;
    throw new LikenessError('model_invalid', `${file}: expected ${expected} values (${shape}), got ${values.length}`);
  }
  const w1 = values.subarray(0, inner);
  const b1 = values.subarray(inner, inner + outer);
  const w2 = values.subarray(inner + outer, inner + 2 * outer);
  const b2 = values[expected - 1]!;
  return (map, regions, weights) => {
    // the map's half of W1 is the same for every region
    const context = halfProduct(w1, spoc(map, weights), channels, channels);
    return regions.map((region) => {
      const local = halfProduct(w1, regionMean(map, region, weights), channels, 0);
      let sum = b2;
      for (let unit = 0; unit < hidden; unit++) sum += w2[unit]! * Math.tanh(local[unit]! + context[unit]! + b1[unit]!);
      return softplus(sum);
    });
  };
}

/** @returns W x for the columns of W1 from `offset` on. */
function halfProduct(w1: Float32Array, x: Float32Array, channels: number, offset: number): Float64Array {
  const rows = w1.length / (2 * channels);
  const y = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * 2 * channels + offset;
    for (let channel = 0; channel < channels; channel++) y[row]! += w1[start + channel]! * x[channel]!;
  }
  return y;
}

function regionMean(map: FeatureMap, region: CellRegion, weights?: Float32Array): Float32Array {
  const inside = new Float32Array(map.height * map.width);
  for (const cell of cellsOf(region, map.width)) inside[cell] = weights?.[cell] ?? 1;
  return spoc(map, inside);
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
