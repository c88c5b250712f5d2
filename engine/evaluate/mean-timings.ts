import type { Timings } from '../types.js';
import type { Answer } from './answer-queries.js';

/** @returns the mean milliseconds a query of each stage of the ranking; nothing where no timings are told. */
export function meanTimings(answers: readonly Pick<Answer, 'timings'>[]): { timings?: Timings } {
  const timings: Timings = {};
  for (const answer of answers)
    for (const [stage, ms] of Object.entries(answer.timings ?? {}))
      timings[stage] = (timings[stage] ?? 0) + ms / answers.length;
  return Object.keys(timings).length === 0 ? {} : { timings };
}
