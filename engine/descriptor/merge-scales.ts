import type { ChainStage } from '../model/chain-stage.js';
import { l2Normalize } from './l2.js';
import { refusePlain } from './plain.js';

/**
 * One descriptor of those of several sizes of a picture (Radenovic 2018): the mean of power p, then l2, with the p of gem
 * where nothing but l2 follows it, so that cells of all sizes are pooled alike; else the plain mean.
 * @param descriptors one [D] for each size, all of length 1. @throws image_too_plain.
 */
export function mergeScales(descriptors: readonly Float32Array[], stages: readonly ChainStage[]): Float32Array {
  const [first, ...others] = descriptors;
  if (first !== undefined && others.length === 0) return first;
  const exponent = exponentOf(stages);
  const merged = first!.map((_, k) => {
    const p = typeof exponent === 'number' ? exponent : exponent[k]!;
    const mean = descriptors.reduce((sum, vector) => sum + vector[k]! ** p, 0) / descriptors.length;
    return mean ** (1 / p);
  });
  return l2Normalize(refusePlain(merged));
}

/** gem without a projection gives positive values only, so that any power of them is defined. */
function exponentOf([pooling, ...rest]: readonly ChainStage[]): number | readonly number[] {
  return pooling?.stage === 'gem' && rest.every(({ stage }) => stage === 'l2') ? pooling.p : 1;
}
