import { mapPlanes, reflect, type Plane } from './planes.js';
import type { Transform } from './transform.js';

/**
 * Gaussian blur, mirrored at the border.
 * @param sigmaFraction standard deviation as a fraction of the short side, so that pictures of all sizes lose the same
 */
export function blur(name: string, sigmaFraction: number): Transform {
  return {
    name,
    apply: (pixels) => {
      const kernel = gaussianKernel(sigmaFraction * Math.min(pixels.width, pixels.height));
      return mapPlanes(pixels, (plane) => {
        const { width, height, channels } = plane;
        // columns lie one pixel apart, rows one row
        const rows = convolve(plane.data, kernel, { length: width, step: channels, plane });
        const both = convolve(rows, kernel, { length: height, step: channels * width, plane });
        return { ...plane, data: new Uint8Array(Uint8ClampedArray.from(both).buffer) };
      });
    },
  };
}

/** @returns weights from -radius to radius, radius = 3 sigma rounded up; they sum to 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    radius === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Convolves along one axis: `length` samples, `step` apart in memory. */
function convolve(
  data: ArrayLike<number>,
  kernel: Float64Array,
  { length, step, plane }: { length: number; step: number; plane: Plane },
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const result = new Float32Array(plane.width * plane.height * plane.channels);
  for (let i = 0; i < result.length; i++) {
    const place = Math.floor(i / step) % length;
    const line = i - place * step;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) {
      sum += kernel[tap]! * data[line + reflect(place + tap - radius, length) * step]!;
    }
    result[i] = sum;
  }
  return result;
}
