import type { Timings } from '../engine/types.js';

/** @returns the same, rounded to microseconds: more digits are noise. */
export function roundTimings(timings: Timings): Timings {
  return Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, roundMs(ms)]));
}

export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** @returns the value of a Server-Timing header, which browsers show beside the request. */
export function serverTiming(timings: Timings): string {
  return Object.entries(timings)
    .map(([stage, ms]) => `${stage};dur=${roundMs(ms)}`)
    .join(', ');
}
