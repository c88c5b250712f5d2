/** @returns a source of numbers in [0,1), the same for the same seed: xorshift32 (Marsaglia 2003). */
export function seededRandom(seed: number): () => number {
  // neighbouring seeds are spread over the whole range; xorshift must not start at 0
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
