import { Moments } from './moments.js';
import type { PairStatistics } from './pair-whitening.js';
import { rowOf, type Rows } from './rows.js';

/** How much an image's deviation from the mean of its class counts. */
export type ClassWeights =
  /** Each image the same: the pooled covariance within classes. */
  | 'by-image'
  /** Each pair of images of a class the same: classes of n images have n (n - 1) / 2 pairs. */
  | 'by-pair';

/**
 * Statistics of all pairs of images of one class, without going through the pairs:
 * sum over i < j of (x_i - x_j)(x_i - x_j)^T = n sum over i of (x_i - m)(x_i - m)^T, m the mean of the class's n images.
 * @param classes of each row, by number. A class of one image has no pairs, and adds to the spread only.
 */
export function classStatistics(rows: Rows, classes: ArrayLike<number>, weights: ClassWeights): PairStatistics {
  const [matching, spread] = [new Moments(rows.dimension), new Moments(rows.dimension)];
  for (const members of membersOf(classes)) {
    const mean = meanOf(rows, members);
    const weight = weights === 'by-pair' ? Math.sqrt(members.length) : 1;
    for (const row of members) {
      spread.add(rowOf(rows, row));
      if (members.length > 1)
        matching.add(mean.map((middle, k) => weight * (rows.values[row * rows.dimension + k]! - middle)));
    }
  }
  const mean = spread.mean();
  return { matching, spread, spreadAbout: mean, mean };
}

/** @returns the rows of each class, in the order in which the classes first appear. */
export function membersOf(classes: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let row = 0; row < classes.length; row++) {
    const found = members.get(classes[row]!);
    if (found === undefined) members.set(classes[row]!, [row]);
    else found.push(row);
  }
  return [...members.values()];
}

function meanOf(rows: Rows, members: readonly number[]): Float64Array {
  const mean = new Float64Array(rows.dimension);
  for (const row of members) rowOf(rows, row).forEach((value, k) => (mean[k]! += value / members.length));
  return mean;
}
