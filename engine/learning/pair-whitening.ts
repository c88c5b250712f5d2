import { centredMap, multiply, transpose, type LinearMap } from './linear-map.js';
import type { Moments } from './moments.js';
import { outputsOf, whiteningRows, type WhiteningOptions } from './pca-whitening.js';
import { shrunkCovariance } from './shrinkage.js';
import { symmetricEigen } from './symmetric-eigen.js';

export interface PairStatistics {
  /** Of differences of matching pairs: what varies although the thing is the same. Taken about 0. */
  matching: Moments;
  /** Of what should vary: all descriptors, taken about `spreadAbout`, or differences of non-matching pairs, about 0. */
  spread: Moments;
  spreadAbout: ArrayLike<number>;
  /** m, the middle of the descriptors [d]. */
  mean: ArrayLike<number>;
}

/**
 * Learned whitening Lw (Mikolajczyk & Matas 2007, as Radenovic 2018 uses it): P0 = S^-p of the differences of matching
 * pairs, then the D directions in which P0 x varies most, y = E^T P0 (x - m). With p = 0.5 and no shrinkage this is
 * Radenovic's, whose P0 is the inverse of S's Cholesky factor: the two differ by a rotation, which E undoes. Where S is the
 * covariance within classes, it is linear discriminant analysis, with D directions in place of classes - 1.
 */
export function pairWhitening(
  { matching, spread, spreadAbout, mean }: PairStatistics,
  { dimension, power, shrinkage }: WhiteningOptions,
): LinearMap {
  const d = matching.dimension;
  const within = symmetricEigen(shrunkCovariance(matching, shrinkage, new Float64Array(d)), d);
  const whiten = whiteningRows(within, power);
  const behind = multiply(multiply(whiten, spread.covariance(spreadAbout), d, d, d), transpose(whiten, d, d), d, d, d);
  const outputs = outputsOf(dimension, spread);
  const { vectors } = symmetricEigen(behind, d);
  return centredMap(multiply(vectors.subarray(0, outputs * d), whiten, outputs, d, d), mean, outputs);
}
