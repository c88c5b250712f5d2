import type { Extremum } from './extrema.js';

const BINS = 36;
/** A second orientation counts if it is at least this share of the first (Lowe 2004, 5). */
const PEAK_SHARE = 0.8;
/** The weights' sigma and the radius of the window, in sigmas of the point's scale. */
const WINDOW_SIGMAS = 1.5;
const RADIUS_SIGMAS = 3 * WINDOW_SIGMAS;

/** @returns the main directions of the gradient around a point, in radians from the x axis towards the y axis (downwards). */
export function orientations(point: Extremum): number[] {
  const histogram = smooth(gradientHistogram(point));
  const highest = Math.max(...histogram);
  const found: number[] = [];
  histogram.forEach((value, bin) => {
    const [before, after] = [histogram[(bin + BINS - 1) % BINS]!, histogram[(bin + 1) % BINS]!];
    if (value <= before || value <= after || value < PEAK_SHARE * highest) return;
    // the peak of the parabola through the three
    const offset = (0.5 * (before - after)) / (before - 2 * value + after);
    found.push((2 * Math.PI * (bin + offset)) / BINS);
  });
  return found;
}

/** Directions of the gradient, weighted by its length and by a Gaussian around the point. */
function gradientHistogram({ octave, layer, x, y, sigma }: Extremum): Float64Array {
  const { width, height, data } = octave.blurred[layer]!;
  const [cx, cy] = [Math.round(x), Math.round(y)];
  const radius = Math.round(RADIUS_SIGMAS * sigma);
  const falloff = -1 / (2 * (WINDOW_SIGMAS * sigma) ** 2);
  const histogram = new Float64Array(BINS);
  for (let row = Math.max(1, cy - radius); row <= Math.min(height - 2, cy + radius); row++) {
    for (let column = Math.max(1, cx - radius); column <= Math.min(width - 2, cx + radius); column++) {
      const at = row * width + column;
      const dx = data[at + 1]! - data[at - 1]!;
      const dy = data[at + width]! - data[at - width]!;
      const weight = Math.exp(((row - cy) ** 2 + (column - cx) ** 2) * falloff) * Math.sqrt(dx * dx + dy * dy);
      const bin = (Math.round((Math.atan2(dy, dx) * BINS) / (2 * Math.PI)) + BINS) % BINS;
      histogram[bin] = histogram[bin]! + weight;
    }
  }
  return histogram;
}

/** Circular, by 1 4 6 4 1. */
function smooth(histogram: Float64Array): Float64Array {
  const at = (bin: number) => histogram[(bin + BINS) % BINS]!;
  return histogram.map((value, bin) => (6 * value + 4 * (at(bin - 1) + at(bin + 1)) + at(bin - 2) + at(bin + 2)) / 16);
}
