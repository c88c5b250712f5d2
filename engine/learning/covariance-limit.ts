import { LikenessError } from '../errors.js';

/**
 * Longest descriptor whose covariance is learned from. Sums, covariances, their eigenvectors and products are up to eleven
 * matrices [d, d] of float64 at once: 1.4 GiB for 4096 numbers, 5.5 GiB for 8192; the eigenvectors take d^3 steps besides.
 */
const MAX_COVARIANCE_DIMENSION = 4096;

/** @param what names the descriptor in the message. @throws `descriptor_too_long` */
export function refuseTooLong(dimension: number, what: string): void {
  if (dimension <= MAX_COVARIANCE_DIMENSION) return;
  throw new LikenessError(
    'descriptor_too_long',
    `expected ${what} of at most ${MAX_COVARIANCE_DIMENSION} numbers to learn a projection from, got ${dimension}`,
    { details: { dimension, most: MAX_COVARIANCE_DIMENSION } },
  );
}
