import { LikenessError } from '../../errors.js';
import type { ChannelStatistics } from './statistics.js';

/**
 * Mean and population variance of each channel over all values of many batches, in float64: the same as of one batch that
 * holds them all (merged as in Chan et al. 1979, which loses no digits where the mean is large against the spread).
 */
export class StatisticsPool {
  readonly #mean: Float64Array;
  /** Sum of squared distances from the mean. */
  readonly #squares: Float64Array;
  #count = 0;

  constructor(channels: number) {
    this.#mean = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** @param count values that each channel's mean and variance are of: pictures times rows times columns. */
  add(count: number, { mean, variance }: ChannelStatistics): void {
    if (mean.length !== this.#mean.length || variance.length !== this.#mean.length || !(count > 0)) {
      const found = `${mean.length} and ${variance.length} of ${count} values`;
      throw new LikenessError('internal', `expected statistics of ${this.#mean.length} channels, got ${found}`);
    }
    const total = this.#count + count;
    for (let c = 0; c < mean.length; c++) {
      const gap = mean[c]! - this.#mean[c]!;
      this.#mean[c]! += (gap * count) / total;
      this.#squares[c]! += variance[c]! * count + (gap * gap * this.#count * count) / total;
    }
    this.#count = total;
  }

  /** @returns statistics of all that was added. */
  get statistics(): { mean: Float64Array; variance: Float64Array } {
    return { mean: this.#mean.slice(), variance: this.#squares.map((it) => it / Math.max(1, this.#count)) };
  }
}
