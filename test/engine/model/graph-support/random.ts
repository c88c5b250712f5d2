import type { Nchw } from '../reference-ops.js';

/** @returns a generator of numbers in 0..1 that gives the same ones for the same seed (a linear congruence mod 2^32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  // neighbouring seeds begin with neighbouring numbers; a few steps part them
  for (let i = 0; i < 4; i++) next();
  return next;
}

/** @returns float32 numbers in from..to. */
export function randomValues(random: () => number, length: number, from = -1, to = 1): Float32Array {
  return Float32Array.from({ length }, () => from + (to - from) * random());
}

export function randomMap(random: () => number, n: number, c: number, h: number, w: number): Nchw {
  return { n, c, h, w, data: Float64Array.from(randomValues(random, n * c * h * w, -2, 2)) };
}
