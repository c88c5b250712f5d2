/** @returns a pseudo-random function with values in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns a vector of length 1 in a random direction. */
export function randomUnit(dimension: number, random: () => number): Float32Array {
  return toUnit(Float32Array.from({ length: dimension }, () => gaussian(random)));
}

/** @returns the vector moved by noise and made a unit vector again. */
export function near(vector: Float32Array, noise: number, random: () => number): Float32Array {
  return toUnit(vector.map((value) => value + (noise * gaussian(random)) / Math.sqrt(vector.length)));
}

export function toUnit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
