import type { Plane } from '../grey.js';

/** Where the kernel ends, in sigmas: what is cut off weighs less than 1e-4. */
const REACH_SIGMAS = 4;

/**
 * Convolves with a Gaussian, rows and then columns. Beyond the border the picture is mirrored about its outermost pixels.
 * @param sigma in pixels of the plane.
 */
export function blur(plane: Plane, sigma: number): Plane {
  const half = halfKernel(sigma);
  return blurColumns(blurRows(plane, half), half);
}

/** @returns the middle of the normalised kernel and what follows it on either side [radius + 1]. */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.round(REACH_SIGMAS * sigma));
  const half = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const total = half.reduce((sum, value, i) => sum + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / total);
}

function blurRows({ width, height, data }: Plane, half: Float64Array): Plane {
  const radius = half.length - 1;
  const blurred = new Float32Array(data.length);
  const padded = new Float64Array(width + 2 * radius);
  for (let row = 0; row < data.length; row += width) {
    for (let x = -radius; x < width + radius; x++) padded[x + radius] = data[row + mirror(x, width)]!;
    for (let x = 0; x < width; x++) {
      const middle = x + radius;
      let sum = half[0]! * padded[middle]!;
      for (let i = 1; i <= radius; i++) sum += half[i]! * (padded[middle - i]! + padded[middle + i]!);
      blurred[row + x] = sum;
    }
  }
  return { width, height, data: blurred };
}

/** A whole row at a time, so that memory is read in its order. */
function blurColumns({ width, height, data }: Plane, half: Float64Array): Plane {
  const blurred = new Float32Array(data.length);
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width; x < width; x++) sums[x] = half[0]! * data[at + x]!;
    for (let i = 1; i < half.length; i++) {
      const [above, below, weight] = [mirror(y - i, height) * width, mirror(y + i, height) * width, half[i]!];
      for (let x = 0; x < width; x++) sums[x] = sums[x]! + weight * (data[above + x]! + data[below + x]!);
    }
    blurred.set(sums, y * width);
  }
  return { width, height, data: blurred };
}

/** -1 is 1 and length is length - 2; folded again where the picture is smaller than the kernel. */
function mirror(position: number, length: number): number {
  if (position >= 0 && position < length) return position;
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((position % period) + period) % period;
  return folded < length ? folded : period - folded;
}
