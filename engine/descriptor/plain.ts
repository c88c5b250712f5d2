import { LikenessError } from '../errors.js';
import { l2Norm } from './l2.js';

/** Below this length a vector points nowhere: what is left is rounding. */
const MIN_NORM = 1e-6;
/** A vector whose values differ by less than this share of the greatest tells nothing of the picture. */
const MIN_RELATIVE_SPREAD = 1e-6;

/**
 * Lets through only a vector that can be compared with others. Checked on the pooled vector too, since gem's eps turns a
 * dead map into a constant vector and a projection's bias then makes that look like any other descriptor.
 * @throws image_too_plain if it is zero, constant or not finite.
 */
export function refusePlain(vector: Float32Array): Float32Array {
  const norm = l2Norm(vector);
  if (!Number.isFinite(norm)) throw tooPlain('has values that are not finite');
  if (norm < MIN_NORM) throw tooPlain('is zero');
  if (vector.length > 1 && isConstant(vector)) throw tooPlain('is the same in every channel');
  return vector;
}

/** @returns what is described, or null where {@link refusePlain} refuses it. */
export function unlessPlain(describe: () => Float32Array): Float32Array | null {
  try {
    return describe();
  } catch (error) {
    if (error instanceof LikenessError && error.code === 'image_too_plain') return null;
    throw error;
  }
}

function isConstant(vector: Float32Array): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (const value of vector) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low <= MIN_RELATIVE_SPREAD * Math.max(Math.abs(low), Math.abs(high));
}

function tooPlain(what: string): LikenessError {
  return new LikenessError('image_too_plain', `expected a picture with something to see: its descriptor ${what}`);
}
