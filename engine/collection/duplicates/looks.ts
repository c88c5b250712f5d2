import type { ImagePage, Store } from '../../store/store.js';
import type { IndexKeeper } from '../index-keeper.js';

/** Images that look exactly the same: one descriptor and one perceptual hash (or, where that is missing, the same bytes). */
export interface Look {
  node: number;
  perceptualHash?: string | undefined;
  contentHashes: Set<string>;
  /** Rising. */
  ids: string[];
}

/** Two nodes that are near each other. */
export interface NearNodes {
  a: number;
  b: number;
  cosine: number;
}

const PAGE_IMAGES = 512;

/** Every image of a store, by look. @param onNode is told of each descriptor once, and awaited. */
export async function collectLooks(
  store: Store,
  signal: AbortSignal,
  onNode: (node: number, vector: Float32Array) => Promise<void>,
): Promise<Look[]> {
  const { dimension } = await store.info();
  const looks = new Map<string, Look>();
  const seen = new Set<number>();
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: ImagePage = await store.imagePage(after, PAGE_IMAGES);
    for (const [row, record] of page.records.entries()) {
      signal.throwIfAborted();
      const node = page.nodes[row]!;
      addTo(looks, node, record);
      if (seen.has(node)) continue;
      seen.add(node);
      await onNode(node, page.vectors.subarray(row * dimension, (row + 1) * dimension));
    }
    after = page.next;
  }
  const all = [...looks.values()];
  for (const { ids } of all) ids.sort(byText);
  return all;
}

/** @returns a function for {@link collectLooks} that notes the nearest others of each node, each pair once. */
export function neighbourSearch(index: Pick<IndexKeeper, 'search'>, count: number) {
  const pairs = new Map<string, NearNodes>();
  const visit = async (node: number, vector: Float32Array): Promise<void> => {
    const { nodes, similarities } = await index.search(vector, count + 1, {});
    nodes.forEach((other, rank) => {
      if (other === node) return;
      const [a, b] = node < other ? [node, other] : [other, node];
      pairs.set(`${a} ${b}`, { a, b, cosine: similarities[rank]! });
    });
  };
  return { pairs, visit };
}

function addTo(
  looks: Map<string, Look>,
  node: number,
  { id, contentHash, perceptualHash }: { id: string; contentHash: string; perceptualHash?: string | undefined },
): void {
  const key = `${node} ${perceptualHash ?? contentHash}`;
  const look = looks.get(key) ?? { node, perceptualHash, contentHashes: new Set<string>(), ids: [] };
  looks.set(key, look);
  look.ids.push(id);
  look.contentHashes.add(contentHash);
}

/** Order of code units, as the store's. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
