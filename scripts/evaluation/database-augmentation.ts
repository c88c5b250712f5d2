import { ExactGallery, type DescribedItem } from '../../engine/evaluate/ranking.js';

/**
 * Database-side augmentation (Turcot & Lowe 2009; weights as in Gordo et al. 2017): each descriptor of the gallery becomes
 * l2(x + sum_r (k - r) / k * x_r) of itself and its k nearest neighbours, r = 0 .. k - 1.
 */
export class AugmentedGallery {
  readonly #gallery: readonly DescribedItem[];
  readonly #neighbours: number;
  /** By item, the positions of its nearest others, one more than are used, so that one may be left out. */
  readonly #nearest: readonly Uint32Array[];
  readonly #augmented: readonly DescribedItem[];

  constructor(gallery: readonly DescribedItem[], neighbours: number) {
    this.#gallery = gallery;
    this.#neighbours = neighbours;
    const exact = new ExactGallery(gallery);
    this.#nearest = gallery.map((item, position) => {
      const [ranked] = exact.rank([item]);
      return ranked!.order.filter((other) => other !== position).slice(0, neighbours + 1);
    });
    this.#augmented = gallery.map((_, position) => this.#augment(position, undefined));
  }

  /** @returns the augmented gallery as it would be without the picture at `left`, which nothing takes part of. */
  without(left: number | undefined): readonly DescribedItem[] {
    if (left === undefined) return this.#augmented;
    return this.#augmented.map((item, position) =>
      this.#nearest[position]!.includes(left) ? this.#augment(position, left) : item,
    );
  }

  #augment(position: number, left: number | undefined): DescribedItem {
    const item = this.#gallery[position]!;
    const near = this.#nearest[position]!.filter((other) => other !== left).slice(0, this.#neighbours);
    const vectors = Array.from(near, (other) => this.#gallery[other]!.vector);
    return { ...item, vector: augment(item.vector, vectors) };
  }
}

/** @param neighbours unit vectors, nearest first @returns l2 of the weighted sum, see {@link AugmentedGallery} */
export function augment(vector: Float32Array, neighbours: readonly Float32Array[]): Float32Array {
  const sum = Float64Array.from(vector);
  neighbours.forEach((neighbour, rank) => {
    const weight = (neighbours.length - rank) / neighbours.length;
    neighbour.forEach((value, i) => (sum[i] = sum[i]! + weight * value));
  });
  const norm = Math.hypot(...sum);
  return Float32Array.from(sum, (value) => value / norm);
}
