import { MAX_LABELS } from '../category/category-head.js';
import { labelOf, type Label } from '../category/label.js';
import type { TrainingExamples } from '../category/training-examples.js';
import { LikenessError } from '../errors.js';
import { seededRandom } from '../seeded-random.js';
import type { Store } from '../store/store.js';

const PAGE_IMAGES = 1000;
/** Examples that are trained on at most; of more, so many are drawn at random. */
const MOST_EXAMPLES = 50_000;

export interface LabelledExamples extends TrainingExamples {
  /** Images that have a label. */
  images: number;
  /** Of each label, in the order of the labels. */
  imagesByLabel: number[];
}

interface Example {
  label: Label;
  vector: Float32Array;
}

/**
 * Gathers the descriptors of a collection whose images have a label; images with one descriptor and one label are one
 * example, so that copies of a training image are not held out.
 * @throws `invalid_request` for fewer than two labels, or more than 2000
 */
export async function labelledExamples(
  store: Store,
  field: string,
  { dimension, seed, signal }: { dimension: number; seed: number; signal?: AbortSignal | undefined },
): Promise<LabelledExamples> {
  const counts = new Map<Label, number>();
  const drawn = new Reservoir<Example>(MOST_EXAMPLES, seed);
  const seen = new Set<string>();
  for (let after: number | undefined = 0; after !== undefined;) {
    signal?.throwIfAborted();
    const page = await store.imagePage(after, PAGE_IMAGES);
    page.records.forEach(({ metadata }, row) => {
      const label = labelOf(metadata, field);
      if (label === undefined) return;
      counts.set(label, (counts.get(label) ?? 0) + 1);
      const key = `${page.nodes[row]} ${JSON.stringify(label)}`;
      if (seen.has(key)) return;
      seen.add(key);
      drawn.add(() => ({ label, vector: page.vectors.slice(row * dimension, (row + 1) * dimension) }));
    });
    refuseLabels(field, counts.size > MAX_LABELS, counts.size);
    after = page.next;
  }
  const labels = [...new Set(drawn.items.map(({ label }) => label))];
  refuseLabels(field, labels.length < 2, labels.length);
  return {
    ...packed(drawn.items, labels, dimension),
    images: [...counts.values()].reduce((sum, images) => sum + images, 0),
    imagesByLabel: labels.map((label) => counts.get(label)!),
  };
}

/** A random choice of so many of things that come one by one (Vitter 1985, algorithm R). */
class Reservoir<T> {
  readonly items: T[] = [];
  readonly #size: number;
  readonly #random: () => number;
  #offered = 0;

  constructor(size: number, seed: number) {
    this.#size = size;
    this.#random = seededRandom(seed);
  }

  /** @param make called only if it is chosen for now */
  add(make: () => T): void {
    this.#offered += 1;
    const place = this.items.length < this.#size ? this.items.length : Math.floor(this.#random() * this.#offered);
    if (place < this.#size) this.items[place] = make();
  }
}

function packed(examples: readonly Example[], labels: Label[], dimension: number): TrainingExamples {
  const places = new Map(labels.map((label, place) => [label, place]));
  const vectors = new Float32Array(examples.length * dimension);
  examples.forEach(({ vector }, i) => vectors.set(vector, i * dimension));
  return { dimension, labels, vectors, targets: Uint32Array.from(examples, ({ label }) => places.get(label)!) };
}

function refuseLabels(field: string, isWrong: boolean, count: number): void {
  if (!isWrong) return;
  throw new LikenessError(
    'invalid_request',
    `expected 2 to ${MAX_LABELS} different labels in field ${JSON.stringify(field)}, got ${count}`,
  );
}
