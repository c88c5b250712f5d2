import type { FeatureMap } from '../types.js';
import { l2Norm, l2Normalize } from './l2.js';
import type { Pooling } from './pooling.js';
import { cellsOf, rmacGrid, type CellRegion } from './rmac-grid.js';

/** One weight for each region; weights [h*w] say how much each cell counts. */
export type RegionWeights = (map: FeatureMap, regions: readonly CellRegion[], weights?: Float32Array) => number[];

export interface RmacOptions {
  levels: number;
  /** Applied to the vector of each region [C] -> [D], such as PCA whitening. */
  project?: ((x: Float32Array) => Float32Array) | undefined;
  /** All regions count alike if not given. */
  weigh?: RegionWeights | undefined;
}

/**
 * R-MAC (Tolias 2016): mac of each region of {@link rmacGrid}, l2, projection, l2, sum. With weights of the regions it is
 * regional attention (Kim & Yoon 2018). Masked cells do not count, and a region in which none counts is left out.
 */
export function rmac({ levels, project, weigh }: RmacOptions): Pooling {
  return (map, weights) => {
    const regions = rmacGrid(map.height, map.width, levels);
    const attention = weigh?.(map, regions, weights);
    const vectors = regions.map((region) => regionVector(map, region, project, weights));
    const length = vectors.find((vector) => vector !== undefined)?.length ?? map.channels;
    const sum = new Float64Array(length);
    for (const [i, vector] of vectors.entries()) {
      const weight = attention?.[i] ?? 1;
      vector?.forEach((value, k) => (sum[k]! += weight * value));
    }
    return Float32Array.from(sum);
  };
}

/** @returns l2(project(l2(mac))) of the region; undefined where nothing is seen, or a projection's bias would speak for it. */
function regionVector(
  map: FeatureMap,
  region: CellRegion,
  project: RmacOptions['project'],
  weights?: Float32Array,
): Float32Array | undefined {
  const peaks = regionMax(map, region, weights);
  if (!(l2Norm(peaks) > 0)) return undefined;
  const unit = l2Normalize(peaks);
  return project === undefined ? unit : l2Normalize(project(unit));
}

/** 0 where no cell counts. */
function regionMax(
  { data, channels, height, width }: FeatureMap,
  region: CellRegion,
  weights?: Float32Array,
): Float32Array {
  const cells = cellsOf(region, width).filter((cell) => (weights?.[cell] ?? 1) > 0);
  const peaks = new Float32Array(channels);
  if (cells.length === 0) return peaks;
  return peaks.map((_, channel) => {
    let peak = -Infinity;
    for (const cell of cells) peak = Math.max(peak, data[channel * height * width + cell]!);
    return peak;
  });
}
