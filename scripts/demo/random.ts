/** Seeded pseudo-random numbers (mulberry32), so that the gallery has the same bytes each time. */
export class Random {
  #state: number;

  /** @param seed any words; the same words give the same numbers */
  constructor(seed: string) {
    // FNV-1a
    this.#state = Buffer.from(seed).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
  }

  /** @returns a number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#next();
  }

  /** @returns a whole number in low..high, both possible. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)]!;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
