import { thumbnailUrl } from '../state/api.js';
import type { MapImage } from './map-worker.js';

/** Pictures that are fetched at once. */
const PARALLEL = 8;
const SIZE = 96;

/** The small pictures of a map, fetched as they come into sight. */
export class Thumbnails {
  readonly #collection: string;
  readonly #onArrival: () => void;
  readonly #images = new Map<string, HTMLImageElement | undefined>();
  #waiting: MapImage[] = [];
  #fetching = 0;

  constructor(collection: string, onArrival: () => void) {
    this.#collection = collection;
    this.#onArrival = onArrival;
  }

  /** @returns the picture if it is there; else it comes, and that is told. */
  of(image: MapImage): HTMLImageElement | undefined {
    if (!this.#images.has(image.id)) {
      this.#images.set(image.id, undefined);
      this.#waiting.push(image);
      this.#fetchNext();
    }
    return this.#images.get(image.id);
  }

  #fetchNext(): void {
    // those asked for last are in sight now
    const next = this.#fetching < PARALLEL ? this.#waiting.pop() : undefined;
    if (next === undefined) return;
    this.#fetching += 1;
    const picture = new Image();
    picture.onload = () => {
      this.#images.set(next.id, picture);
      this.#onArrival();
      this.#ended();
    };
    picture.onerror = () => this.#ended();
    picture.src = thumbnailUrl(this.#collection, next.id, SIZE, next.contentHash);
  }

  #ended(): void {
    this.#fetching -= 1;
    this.#fetchNext();
  }
}
