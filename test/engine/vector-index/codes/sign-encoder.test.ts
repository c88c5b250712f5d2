import { describe, expect, it } from 'vitest';
import { hammingDistance } from '../../../../engine/vector-index/codes/hamming.js';
import { SignEncoder } from '../../../../engine/vector-index/codes/sign-encoder.js';
import { randomUnit, seededRandom } from '../../../support/vectors.js';

const DIMENSION = 256;
const random = seededRandom(3);

function distanceOf(encoder: SignEncoder, a: Float32Array, b: Float32Array): number {
  const [codeA, codeB] = [new Uint32Array(encoder.words), new Uint32Array(encoder.words)];
  encoder.encode(a, codeA, 0);
  encoder.encode(b, codeB, 0);
  return hammingDistance(codeA, codeB, 0) / (32 * encoder.words);
}

describe('SignEncoder', () => {
  it.each([
    [4, 2],
    [64, 2],
    [65, 4],
    [256, 8],
    [1280, 64],
  ])('codes %s numbers in %s words', (dimension, words) => {
    expect(new SignEncoder(new Float32Array(dimension)).words).toBe(words);
  });

  it('differs in the share of bits that the angle is of pi', () => {
    const encoder = new SignEncoder(new Float32Array(DIMENSION));
    for (const share of [0.1, 0.25, 0.5, 1]) {
      const distances = Array.from({ length: 100 }, () => {
        const a = randomUnit(DIMENSION, random);
        const other = randomUnit(DIMENSION, random);
        const along = a.reduce((sum, value, i) => sum + value * other[i]!, 0);
        const across = other.map((value, i) => value - along * a[i]!);
        const length = Math.hypot(...across);
        const [cos, sin] = [Math.cos(share * Math.PI), Math.sin(share * Math.PI)];
        const b = a.map((value, i) => cos * value + (sin * across[i]!) / length);
        return distanceOf(encoder, a, b);
      });
      expect(distances.reduce((sum, distance) => sum + distance, 0) / distances.length).toBeCloseTo(share, 1.7);
    }
  });

  it('tells vectors apart that lean one way, seen from their centre', () => {
    const lean = randomUnit(DIMENSION, random).map((value) => 3 * value);
    const [a, b] = [randomUnit(DIMENSION, random), randomUnit(DIMENSION, random)].map((vector) =>
      vector.map((value, i) => (value + lean[i]!) / 3.2),
    ) as [Float32Array, Float32Array];
    const centre = lean.map((value) => value / 3.2);
    expect(distanceOf(new SignEncoder(new Float32Array(DIMENSION)), a, b)).toBeLessThan(0.25);
    expect(distanceOf(new SignEncoder(centre), a, b)).toBeGreaterThan(0.4);
  });

  it('writes where it is told, and nowhere else', () => {
    const encoder = new SignEncoder(new Float32Array(DIMENSION));
    const codes = new Uint32Array(3 * encoder.words);
    encoder.encode(randomUnit(DIMENSION, random), codes, encoder.words);
    expect(codes.subarray(0, encoder.words).every((word) => word === 0)).toBe(true);
    expect(codes.subarray(encoder.words, 2 * encoder.words).every((word) => word === 0)).toBe(false);
    expect(codes.subarray(2 * encoder.words).every((word) => word === 0)).toBe(true);
  });
});
