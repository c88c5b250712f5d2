import { seededRandom } from '../../seeded-random.js';

const ROUNDS = 3;

/** A fixed random rotation of vectors of `length` numbers, a power of two; signs is [ROUNDS, length] of 1 and -1. */
export interface RandomRotation {
  length: number;
  signs: Float32Array;
}

/** @param length a power of two. @returns the same rotation for the same length and seed. */
export function randomRotation(length: number, seed: number): RandomRotation {
  const random = seededRandom(seed);
  return { length, signs: Float32Array.from({ length: ROUNDS * length }, () => (random() < 0.5 ? -1 : 1)) };
}

/**
 * Rotates in place, and makes values length^(ROUNDS/2) times as long: the signs of what comes out are all that is wanted.
 * Each round flips random signs and takes the Walsh-Hadamard transform, in length * log2(length) additions where a dense
 * random matrix takes length^2 products (Andoni et al. 2015, "Practical and optimal LSH for angular distance", section 3).
 * @param values [rotation.length].
 */
export function rotate({ length, signs }: RandomRotation, values: Float32Array): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < length; i++) values[i]! *= signs[round * length + i]!;
    walshHadamard(values);
  }
}

/** The transform without its scale, in place. @param values of a power of two. */
function walshHadamard(values: Float32Array): void {
  for (let half = 1; half < values.length; half *= 2) {
    for (let start = 0; start < values.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const [a, b] = [values[i]!, values[i + half]!];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
}
