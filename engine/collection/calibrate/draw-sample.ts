import type { SampledPictures } from '../../duplicates/calibration/sample-pairs.js';
import { seededRandom } from '../../seeded-random.js';
import type { ImagePage, Store } from '../../store/store.js';
import type { ImageRecord } from '../../types.js';

/** Images that random pairs are drawn of: 4000 have 8 million pairs. */
const MAX_SAMPLED = 4000;
const PAGE_IMAGES = 256;
const SEED = 1;

/** Images of a collection with distinct descriptors, in random order; rows are in the order of the records. */
export interface SampledImages {
  records: ImageRecord[];
  pictures: SampledPictures;
}

interface Sampled {
  record: ImageRecord;
  hash: string;
  vector: Float32Array;
}

/** Draws images that have a perceptual hash, one of each descriptor: a reservoir sample (Vitter 1985), then shuffled. */
export async function drawSample(store: Store, signal: AbortSignal | undefined): Promise<SampledImages> {
  const { dimension } = await store.info();
  const random = seededRandom(SEED);
  const reservoir: Sampled[] = [];
  const seen = new Set<number>();
  for (let after: number | undefined = 0; after !== undefined;) {
    signal?.throwIfAborted();
    const page: ImagePage = await store.imagePage(after, PAGE_IMAGES);
    page.records.forEach((record, row) => {
      const { perceptualHash: hash } = record;
      if (hash === undefined || seen.has(page.nodes[row]!)) return;
      seen.add(page.nodes[row]!);
      const place = reservoir.length < MAX_SAMPLED ? reservoir.length : Math.floor(random() * seen.size);
      if (place >= MAX_SAMPLED) return;
      // not a view, which would keep the whole page
      reservoir[place] = { record, hash, vector: page.vectors.slice(row * dimension, (row + 1) * dimension) };
    });
    after = page.next;
  }
  shuffle(reservoir, random);
  return toSample(reservoir, dimension);
}

function toSample(drawn: readonly Sampled[], dimension: number): SampledImages {
  const vectors = new Float32Array(drawn.length * dimension);
  drawn.forEach(({ vector }, row) => vectors.set(vector, row * dimension));
  const hashes = drawn.map(({ hash }) => hash);
  return { records: drawn.map(({ record }) => record), pictures: { vectors, dimension, hashes } };
}

/** In place (Fisher & Yates). */
function shuffle(items: Sampled[], random: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
}
