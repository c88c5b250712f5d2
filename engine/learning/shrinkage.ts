import type { Moments } from './moments.js';

/** A share s in [0, 1], or `ledoit-wolf`: the share that the data asks for. */
export type Shrinkage = number | 'ledoit-wolf';

/**
 * The share s for which (1-s) S + s mean(lambda) I is nearest to the true covariance on average (Ledoit & Wolf 2004):
 * s = min(beta, delta) / delta, with beta = (mean |x|^4 - |S|^2) / N and delta = |S - mean(lambda) I|^2, x about `about`.
 */
export function ledoitWolf(moments: Moments, about: ArrayLike<number> = moments.mean()): number {
  const d = moments.dimension;
  const covariance = moments.covariance(about);
  const meanVariance = trace(covariance, d) / d;
  const squared = covariance.reduce((sum, value) => sum + value * value, 0);
  const beta = (moments.fourthMoment(about) - squared) / Math.max(1, moments.count);
  const delta = squared - d * meanVariance * meanVariance;
  return delta <= 0 ? 0 : Math.min(Math.max(beta, 0), delta) / delta;
}

/** @returns (1-s) S + s mean(lambda) I, [d, d]: eigenvectors stay, eigenvalues move to their mean. */
export function shrink(covariance: Float64Array, dimension: number, share: number): Float64Array {
  const shrunk = covariance.map((value) => (1 - share) * value);
  const added = (share * trace(covariance, dimension)) / dimension;
  for (let i = 0; i < dimension; i++) shrunk[i * dimension + i]! += added;
  return shrunk;
}

/** @returns the covariance about `about`, shrunk. */
export function shrunkCovariance(
  moments: Moments,
  shrinkage: Shrinkage,
  about: ArrayLike<number> = moments.mean(),
): Float64Array {
  const share = shrinkage === 'ledoit-wolf' ? ledoitWolf(moments, about) : shrinkage;
  return shrink(moments.covariance(about), moments.dimension, share);
}

function trace(matrix: Float64Array, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += matrix[i * dimension + i]!;
  return sum;
}
