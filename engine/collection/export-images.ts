import type { ImagePage, ImageWrite } from '../store/store.js';
import type { EpochHolder } from './epoch-holder.js';

/** Images per page of the walk. */
const PAGE_IMAGES = 256;

/**
 * Every image with its descriptor, in the order in which they were added; what `putDescribed` takes back bit for bit.
 * @param sample about so many of them at most, spread over all
 */
export async function* exportImages(collection: EpochHolder, sample?: number): AsyncGenerator<ImageWrite> {
  const { store, model } = collection.epoch;
  const release = collection.epoch.hold();
  try {
    const { dimension } = model.manifest;
    const every = sample === undefined ? 1 : Math.max(1, Math.ceil((await store.count()) / sample));
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: ImagePage = await store.imagePage(after, PAGE_IMAGES, every);
      const regions = await store.regionsOf(page.records);
      for (const [row, { sequence, ...record }] of page.records.entries()) {
        const descriptor = page.vectors.slice(row * dimension, (row + 1) * dimension);
        yield { ...record, descriptor, ...(regions[row]!.length === 0 ? {} : { regions: regions[row]! }) };
      }
      after = page.next;
    }
  } finally {
    release();
  }
}
