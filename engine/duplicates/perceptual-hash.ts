import type { Pixels } from '../types.js';

/** Side of the grid of mean luma values that the hash is taken from. */
const GRID = 32;
/** Bits of a hash: one for each of the lowest frequencies but the mean. */
export const HASH_BITS = 64;

/** Frequencies [horizontal, vertical] of the bits, from low to high: along the diagonals of the cosine transform. */
const FREQUENCIES: readonly (readonly [number, number])[] = lowestFrequencies();
const HIGHEST = Math.max(...FREQUENCIES.flat());
/** COSINES[k][n] = cos(pi / GRID (n + 1/2) k), the rows of the cosine transform (type II) that are needed. */
const COSINES = Array.from({ length: HIGHEST + 1 }, (_, k) =>
  Float64Array.from({ length: GRID }, (_, n) => Math.cos((Math.PI / GRID) * (n + 0.5) * k)),
);

/**
 * Hash of what a picture looks like: bit i is the sign of the i-th lowest frequency of its cosine transform, so changes of
 * size, compression and colour flip few of them (pHash, Zauner 2010, with signs in place of the comparison with the
 * median: the sign of an odd frequency is all that a mirror image changes, see {@link mirroredHash}).
 *
 * @param pixels [height, width, 3], such as a network's input
 * @returns 64 bits as 16 hex digits
 */
export function perceptualHash(pixels: Pixels): string {
  const grid = meanLuma(pixels);
  const bits = FREQUENCIES.map(([u, v]) => (coefficient(grid, u, v) > 0 ? 1 : 0));
  const digits = Array.from({ length: HASH_BITS / 4 }, (_, i) => parseInt(bits.slice(i * 4, i * 4 + 4).join(''), 2));
  return digits.map((digit) => digit.toString(16)).join('');
}

/** @returns in how many of the 64 bits two hashes differ; of unrelated pictures about half. */
export function hashDistance(a: string, b: string): number {
  return popCount(half(a, 0) ^ half(b, 0)) + popCount(half(a, 1) ^ half(b, 1));
}

/** @returns the hash of the picture's mirror image (left and right swapped). */
export function mirroredHash(hash: string): string {
  return [0, 1].map((side) => toHex((half(hash, side) ^ half(MIRROR_MASK, side)) >>> 0)).join('');
}

/** @returns the smaller distance of a hash to another and to that one's mirror image. */
export function hashDistanceOrMirrored(a: string, b: string): number {
  return Math.min(hashDistance(a, b), hashDistance(a, mirroredHash(b)));
}

/** Ones where the horizontal frequency is odd: cosines that change sign when the picture is mirrored. */
const MIRROR_MASK = [0, 1]
  .map((side) => FREQUENCIES.slice(side * 32, side * 32 + 32).reduce((mask, [u]) => ((mask << 1) | (u % 2)) >>> 0, 0))
  .map(toHex)
  .join('');

function lowestFrequencies(): [number, number][] {
  const found: [number, number][] = [];
  for (let sum = 1; found.length < HASH_BITS; sum++) {
    for (let u = 0; u <= sum; u++) found.push([u, sum - u]);
  }
  return found.slice(0, HASH_BITS);
}

/** @returns mean luma (Rec. 601) of each cell of a GRID x GRID grid, row-major. */
function meanLuma({ width, height, data }: Pixels): Float64Array {
  const sums = new Float64Array(GRID * GRID);
  const counts = new Float64Array(GRID * GRID);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * GRID) / height) * GRID;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * GRID) / width);
      const at = (y * width + x) * 3;
      sums[cell] = sums[cell]! + 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
      counts[cell] = counts[cell]! + 1;
    }
  }
  // a picture of fewer than GRID pixels a side leaves cells empty
  return sums.map((sum, cell) => (counts[cell] === 0 ? 0 : sum / counts[cell]!));
}

function coefficient(grid: Float64Array, u: number, v: number): number {
  let sum = 0;
  for (let y = 0; y < GRID; y++) {
    let rowSum = 0;
    for (let x = 0; x < GRID; x++) rowSum += COSINES[u]![x]! * grid[y * GRID + x]!;
    sum += COSINES[v]![y]! * rowSum;
  }
  return sum;
}

function half(hash: string, side: number): number {
  return parseInt(hash.slice(side * 8, side * 8 + 8), 16);
}

function toHex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

function popCount(value: number): number {
  let bits = value >>> 0;
  let count = 0;
  for (; bits !== 0; bits = (bits & (bits - 1)) >>> 0) count++;
  return count;
}
