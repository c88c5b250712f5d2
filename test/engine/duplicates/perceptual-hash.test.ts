import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HASH_BITS,
  hashDistance,
  hashDistanceOrMirrored,
  mirroredHash,
  perceptualHash,
} from '../../../engine/duplicates/perceptual-hash.js';
import { flip } from '../../../engine/evaluate/transforms/geometry.js';
import type { Pixels } from '../../../engine/types.js';

/** A grey picture of 64 x 32 from a function of the pixel. */
function picture(valueAt: (x: number, y: number) => number): Pixels {
  const values = Array.from({ length: 64 * 32 }, (_, i) => Math.round(valueAt(i % 64, Math.floor(i / 64))));
  return { width: 64, height: 32, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) };
}

/** The bit of a frequency in the order of the diagonals: (0,1) (1,0) (0,2) (1,1) (2,0) (0,3) (1,2) (2,1) (3,0) ... */
function bitOf(hash: string, index: number): string {
  return BigInt(`0x${hash}`).toString(2).padStart(HASH_BITS, '0')[index]!;
}

const pixels = fc
  .uint8Array({ minLength: 64 * 32 * 3, maxLength: 64 * 32 * 3 })
  .map((data): Pixels => ({ width: 64, height: 32, data }));
const hash = fc.bigInt(0n, 2n ** 64n - 1n).map((bits) => bits.toString(16).padStart(16, '0'));

describe('perceptualHash', () => {
  it('has the sign of each low frequency as a bit', () => {
    const wave = (sign: number) => picture((x) => 128 + sign * 100 * Math.cos((Math.PI / 64) * (x + 0.5) * 3));
    expect(bitOf(perceptualHash(wave(1)), 8)).toBe('1');
    expect(bitOf(perceptualHash(wave(-1)), 8)).toBe('0');
    const down = (sign: number) => picture((_, y) => 128 + sign * 100 * Math.cos((Math.PI / 32) * (y + 0.5)));
    expect(bitOf(perceptualHash(down(1)), 0)).toBe('1');
    expect(bitOf(perceptualHash(down(-1)), 0)).toBe('0');
  });

  it('is of 64 bits, and the same for a brighter and flatter copy', () => {
    const scene = (gain: number, lift: number) => picture((x, y) => lift + gain * ((x * x + 3 * x * y + 7 * y) % 101));
    const original = perceptualHash(scene(2, 0));
    expect(original).toMatch(/^[0-9a-f]{16}$/);
    expect(perceptualHash(scene(1, 100))).toBe(original);
  });

  it('of a mirror image is the mirrored hash', async () => {
    await fc.assert(
      fc.asyncProperty(pixels, async (original) => {
        const mirrored = perceptualHash(await flip('flip').apply(original));
        expect(mirrored).toBe(mirroredHash(perceptualHash(original)));
        expect(hashDistanceOrMirrored(mirrored, perceptualHash(original))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('takes pictures smaller than its grid', () => {
    expect(perceptualHash({ width: 1, height: 1, data: Uint8Array.of(9, 9, 9) })).toHaveLength(16);
  });
});

describe('hashDistance', () => {
  it('counts the bits that differ', () => {
    expect(hashDistance('0000000000000000', '0000000000000000')).toBe(0);
    expect(hashDistance('8000000000000001', '0000000000000000')).toBe(2);
    expect(hashDistance('ffffffffffffffff', '0000000000000000')).toBe(64);
    expect(hashDistance('00000000000000f0', '0000000f00000000')).toBe(8);
  });

  it('is a metric that mirroring keeps', () => {
    fc.assert(
      fc.property(hash, hash, hash, (a, b, c) => {
        expect(hashDistance(a, c)).toBeLessThanOrEqual(hashDistance(a, b) + hashDistance(b, c));
        expect(hashDistance(a, b)).toBe(hashDistance(b, a));
        expect(hashDistance(mirroredHash(a), mirroredHash(b))).toBe(hashDistance(a, b));
        expect(mirroredHash(mirroredHash(a))).toBe(a);
        expect(hashDistanceOrMirrored(a, b)).toBe(hashDistanceOrMirrored(b, a));
      }),
    );
  });
});
