import { seededRandom } from '../seeded-random.js';

/** Keeps so many of the items that come by, each as likely as any other (algorithm R, Vitter 1985); the same each time. */
export class Reservoir<T> {
  readonly items: T[] = [];
  /** Items that came by. */
  seen = 0;
  readonly #size: number;
  readonly #random: () => number;

  constructor(size: number, seed = 1) {
    this.#size = size;
    this.#random = seededRandom(seed);
  }

  offer(item: T): void {
    this.seen += 1;
    const place = this.items.length < this.#size ? this.items.length : Math.floor(this.#random() * this.seen);
    if (place < this.#size) this.items[place] = item;
  }
}
