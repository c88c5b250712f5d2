import { centredMap, type LinearMap } from './linear-map.js';
import type { Moments } from './moments.js';
import { shrunkCovariance, type Shrinkage } from './shrinkage.js';
import { inversePowers, symmetricEigen, type SymmetricEigen } from './symmetric-eigen.js';

export interface WhiteningOptions {
  /** D, outputs; at most min(d, N - 1) are given. */
  dimension: number;
  /** p of lambda^-p: 0 rotates and cuts only, 0.25 is partial, 0.5 gives every direction variance 1. */
  power: number;
  shrinkage: Shrinkage;
}

/**
 * PCA whitening (Jegou & Chum 2012): y = diag(lambda)^-p E^T (x - m), the D directions of most variance first. With shrinkage
 * the eigenvalues are moved to their mean before; the directions stay.
 */
export function pcaWhitening(moments: Moments, options: WhiteningOptions): LinearMap {
  const eigen = symmetricEigen(shrunkCovariance(moments, options.shrinkage), moments.dimension);
  return centredMap(whiteningRows(eigen, options.power), moments.mean(), outputsOf(options.dimension, moments));
}

/** @returns diag(lambda)^-p E^T, [d, d] row-major. */
export function whiteningRows(eigen: SymmetricEigen, power: number): Float64Array {
  const scales = inversePowers(eigen, power);
  return eigen.vectors.map((value, at) => value * scales[Math.floor(at / scales.length)]!);
}

/** @returns how many of the D wanted directions the vectors can tell: N of them span N - 1. */
export function outputsOf(dimension: number, { dimension: inputs, count }: Moments): number {
  return Math.max(1, Math.min(dimension, inputs, count - 1));
}
