import type { Pixels } from '../../types.js';
import { labOf } from './lab.js';

/** Ranges that hold all of sRGB: lightness, a (-86..98) and b (-108..95). */
const RANGES = [
  [0, 100],
  [-110, 110],
  [-110, 110],
] as const;

/**
 * Histogram of a picture's colours in CIE Lab, where equal distances look about equal; each pixel is shared between the bins
 * whose middles are next to it. Transparent pixels do not count.
 * @param bins [lightness, a, b]
 * @returns [product of bins], of sum 1; zeros where nothing is opaque
 */
export function labHistogram({ data, mask }: Pixels, bins: readonly [number, number, number]): Float32Array {
  const histogram = new Float64Array(bins[0] * bins[1] * bins[2]);
  let total = 0;
  for (let pixel = 0; pixel < data.length / 3; pixel++) {
    const weight = mask === undefined ? 1 : mask[pixel]! / 255;
    if (weight === 0) continue;
    const lab = labOf(data[3 * pixel]!, data[3 * pixel + 1]!, data[3 * pixel + 2]!);
    addColour(histogram, lab, bins, weight);
    total += weight;
  }
  return Float32Array.from(histogram, (value) => value / Math.max(total, 1e-9));
}

function addColour(
  histogram: Float64Array,
  lab: readonly [number, number, number],
  bins: readonly [number, number, number],
  weight: number,
): void {
  const [l, a, b] = [share(lab, bins, 0), share(lab, bins, 1), share(lab, bins, 2)];
  for (let corner = 0; corner < 8; corner++) {
    const [i, u] = corner & 4 ? [l.next, l.part] : [l.first, 1 - l.part];
    const [j, v] = corner & 2 ? [a.next, a.part] : [a.first, 1 - a.part];
    const [k, w] = corner & 1 ? [b.next, b.part] : [b.first, 1 - b.part];
    const at = (i * bins[1] + j) * bins[2] + k;
    histogram[at] = histogram[at]! + weight * u * v * w;
  }
}

interface Share {
  first: number;
  next: number;
  /** Of `next`, 0..1. */
  part: number;
}

/** Between the two bins whose middles are next to the value; beyond the outermost middles one bin has all. */
function share(
  lab: readonly [number, number, number],
  bins: readonly [number, number, number],
  axis: 0 | 1 | 2,
): Share {
  const [low, high] = RANGES[axis];
  const last = bins[axis] - 1;
  const place = Math.max(0, Math.min(last, ((lab[axis] - low) / (high - low)) * bins[axis] - 0.5));
  const first = Math.floor(place);
  return { first, next: Math.min(first + 1, last), part: place - first };
}
