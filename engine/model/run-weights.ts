import { LikenessError } from '../errors.js';
import type { FixedInputs } from './manifest.js';

/** Weights of stored statistics for a mixed network, from 0 (instance) to 1 (stored). */
export interface RunWeights {
  standard: number;
  /** By stage or site, where the network has an input for each. */
  exceptions: Readonly<Record<string, number>>;
}

/**
 * @param inputs names that passes/mix.ts gave: runWeight, runWeight.<stage> or runWeight.<site>.
 * @returns a value for each.
 * @throws invalid_request for a weight outside of 0 to 1, or an exception that no input is for.
 */
export function runWeightInputs(inputs: readonly string[], { standard, exceptions }: RunWeights): FixedInputs {
  for (const weight of [standard, ...Object.values(exceptions)]) checkWeight(weight);
  const keys = inputs.map((input) => input.replace(/^runWeight\.?/, ''));
  const unknown = Object.keys(exceptions).filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    const known = keys.filter((key) => key !== '').join(', ') || 'none: one weight holds for all';
    throw new LikenessError('invalid_request', `expected run weights of ${known}, got one of ${unknown.join(', ')}`);
  }
  return Object.fromEntries(inputs.map((input, i) => [input, [exceptions[keys[i] ?? ''] ?? standard]]));
}

function checkWeight(weight: number): void {
  if (weight >= 0 && weight <= 1) return;
  throw new LikenessError('invalid_request', `expected a run weight from 0 to 1, got ${weight}`);
}
