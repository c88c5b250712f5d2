import type { PackedFeatures } from '../classical/matching/packed-features.js';
import { pictureFeatures, type PicturePart } from './picture-features.js';
import type { CollectionServices } from './services.js';

/** At 500 points each of 136 bytes these take 68 MB. */
const MAX_PICTURES = 1000;

/** Key points of the pictures that were looked at last, for all collections; those that were not needed for longest go. */
export class FeatureKeeper {
  readonly #services: Parameters<typeof pictureFeatures>[0];
  readonly #maxPictures: number;
  /** By key, the one that was used last at the end. */
  readonly #kept = new Map<string, Promise<PackedFeatures>>();

  constructor(services: Pick<CollectionServices, 'classical' | 'limits'>, maxPictures = MAX_PICTURES) {
    this.#services = services;
    this.#maxPictures = maxPictures;
  }

  /** @returns what is kept under a key. */
  recall(key: string): Promise<PackedFeatures> | undefined {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#keep(key, kept);
    return kept;
  }

  /**
   * @param key of the same pixels every time. @param read is asked for the bytes only if nothing is kept.
   * @throws what `read` throws, the image codes, `worker_crashed`
   */
  features(key: string, read: () => Promise<Uint8Array>, part: PicturePart = {}): Promise<PackedFeatures> {
    const kept = this.recall(key);
    if (kept !== undefined) return kept;
    const found = read().then((bytes) => pictureFeatures(this.#services, bytes, part));
    this.#keep(key, found);
    // what failed may work the next time
    found.catch(() => this.#kept.delete(key));
    return found;
  }

  #keep(key: string, found: Promise<PackedFeatures>): void {
    this.#kept.delete(key);
    this.#kept.set(key, found);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#maxPictures) return;
      this.#kept.delete(oldest);
    }
  }
}
