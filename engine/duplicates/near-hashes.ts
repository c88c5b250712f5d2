import { HASH_BITS } from './perceptual-hash.js';

/** Positions of two hashes, the smaller first, and in how many bits they differ. */
export interface NearHashes {
  a: number;
  b: number;
  distance: number;
}

/** Digits of a hash: 4 bits each. */
const DIGITS = HASH_BITS / 4;

/**
 * All pairs of hashes that differ in at most so many bits, without comparing each with each: hashes are cut into one band
 * more than bits may differ, so two near ones agree in at least one band (multi-index hashing, Norouzi 2012).
 * @param hashes 16 hex digits each
 * @param maxDistance 0 to 15
 * @returns each pair once, by rising positions
 */
export function nearHashes(hashes: readonly string[], maxDistance: number): NearHashes[] {
  const halves = hashes.map((hash) => [parseInt(hash.slice(0, 8), 16), parseInt(hash.slice(8), 16)] as const);
  const found = new Map<number, NearHashes>();
  for (let band = 0; band <= maxDistance; band++) {
    for (const bucket of bucketsOf(hashes, bandOf(band, maxDistance + 1))) {
      forEachPair(bucket, (a, b) => {
        const distance = popCount(halves[a]![0] ^ halves[b]![0]) + popCount(halves[a]![1] ^ halves[b]![1]);
        if (distance <= maxDistance) found.set(a * hashes.length + b, { a, b, distance });
      });
    }
  }
  return [...found.values()].sort((x, y) => x.a - y.a || x.b - y.b);
}

/** @returns the digits of a band: bands cover the hash and do not overlap. */
function bandOf(band: number, bands: number): [start: number, end: number] {
  return [Math.round((band * DIGITS) / bands), Math.round(((band + 1) * DIGITS) / bands)];
}

/** @returns positions of hashes that have these digits in common, two or more together. */
function bucketsOf(hashes: readonly string[], [start, end]: [number, number]): number[][] {
  const buckets = new Map<string, number[]>();
  hashes.forEach((hash, position) => {
    const digits = hash.slice(start, end);
    const bucket = buckets.get(digits);
    if (bucket === undefined) buckets.set(digits, [position]);
    else bucket.push(position);
  });
  return [...buckets.values()].filter(({ length }) => length > 1);
}

function forEachPair(positions: readonly number[], visit: (a: number, b: number) => void): void {
  positions.forEach((a, i) => {
    for (let j = i + 1; j < positions.length; j++) visit(a, positions[j]!);
  });
}

function popCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
