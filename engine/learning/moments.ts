/**
 * Mean, covariance and fourth moment of vectors that come one after the other; sums in float64, taken about the first
 * vector so that a mean far from 0 costs no digits. Matrices are [d, d] row-major.
 */
export class Moments {
  readonly dimension: number;
  count = 0;
  /** The first vector [d]; the sums below are of y = x - origin. */
  readonly #origin: Float64Array;
  readonly #sum: Float64Array;
  /** Upper triangle of the sum of y y^T. */
  readonly #products: Float64Array;
  /** Sums of |y|^2, of |y|^4, and of |y|^2 y. */
  #squares = 0;
  #fourths = 0;
  readonly #cubes: Float64Array;
  readonly #row: Float64Array;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#origin = new Float64Array(dimension);
    this.#sum = new Float64Array(dimension);
    this.#products = new Float64Array(dimension * dimension);
    this.#cubes = new Float64Array(dimension);
    this.#row = new Float64Array(dimension);
  }

  /** @param x [d]. */
  add(x: ArrayLike<number>): void {
    const [row, products, d] = [this.#row, this.#products, this.dimension];
    if (this.count === 0) this.#origin.set(x);
    this.count += 1;
    let squares = 0;
    for (let i = 0; i < d; i++) {
      row[i] = x[i]! - this.#origin[i]!;
      squares += row[i]! * row[i]!;
    }
    for (let i = 0; i < d; i++) {
      const value = row[i]!;
      this.#sum[i]! += value;
      this.#cubes[i]! += squares * value;
      if (value === 0) continue;
      for (let j = i, at = i * d + i; j < d; j++, at++) products[at]! += value * row[j]!;
    }
    this.#squares += squares;
    this.#fourths += squares * squares;
  }

  /** @returns the mean [d]; zeros of nothing. */
  mean(): Float64Array {
    return this.#origin.map((origin, i) => origin + this.#sum[i]! / Math.max(1, this.count));
  }

  /** @returns the mean of (x - about)(x - about)^T, [d, d]: the covariance (1/N) where `about` is the mean. */
  covariance(about: ArrayLike<number> = this.mean()): Float64Array {
    const [d, n] = [this.dimension, Math.max(1, this.count)];
    const shift = this.#shifted(about);
    const matrix = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        const crossed = shift[i]! * this.#sum[j]! + this.#sum[i]! * shift[j]!;
        const value = (this.#products[i * d + j]! - crossed) / n + shift[i]! * shift[j]!;
        matrix[i * d + j] = value;
        matrix[j * d + i] = value;
      }
    }
    return matrix;
  }

  /** @returns the mean of |x - about|^4. */
  fourthMoment(about: ArrayLike<number> = this.mean()): number {
    const n = Math.max(1, this.count);
    const shift = this.#shifted(about);
    const length = dot(shift, shift);
    const [bySum, byCubes] = [dot(shift, this.#sum), dot(shift, this.#cubes)];
    const sum =
      this.#fourths + 4 * this.#quadratic(shift) - 4 * byCubes + 2 * length * this.#squares - 4 * length * bySum;
    return sum / n + length * length;
  }

  #shifted(about: ArrayLike<number>): Float64Array {
    return this.#origin.map((origin, i) => about[i]! - origin);
  }

  /** @returns v^T (sum of y y^T) v. */
  #quadratic(v: Float64Array): number {
    const d = this.dimension;
    let sum = 0;
    for (let i = 0; i < d; i++) {
      sum += this.#products[i * d + i]! * v[i]! * v[i]!;
      for (let j = i + 1; j < d; j++) sum += 2 * this.#products[i * d + j]! * v[i]! * v[j]!;
    }
    return sum;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
