import type { Store } from '../../store/store.js';

export type NodePair = readonly [a: number, b: number];

/** Pairs whose vectors are read at once. */
const PAGE_PAIRS = 512;

/**
 * @param known cosines that need no vectors; called with the smaller node first
 * @returns the cosine of each pair [pairs.length]; NaN where a node is gone
 */
export async function cosinesOf(
  store: Pick<Store, 'nodeVectors'>,
  pairs: readonly NodePair[],
  known: (a: number, b: number) => number | undefined,
): Promise<Float64Array> {
  const cosines = Float64Array.from(pairs, ([a, b]) => (a === b ? 1 : (known(Math.min(a, b), Math.max(a, b)) ?? NaN)));
  const unknown = Array.from(pairs.keys()).filter((i) => Number.isNaN(cosines[i]!));
  for (let start = 0; start < unknown.length; start += PAGE_PAIRS) {
    const page = unknown.slice(start, start + PAGE_PAIRS);
    const vectors = await vectorsOf(store, new Set(page.flatMap((i) => pairs[i]!)));
    for (const i of page) cosines[i] = cosineOf(vectors.get(pairs[i]![0]), vectors.get(pairs[i]![1]));
  }
  return cosines;
}

async function vectorsOf(
  store: Pick<Store, 'nodeVectors'>,
  wanted: ReadonlySet<number>,
): Promise<Map<number, Float32Array>> {
  const { nodes, vectors } = await store.nodeVectors(Uint32Array.from(wanted));
  const dimension = vectors.length / nodes.length;
  return new Map(
    Array.from(nodes, (node, row) => [node, vectors.subarray(row * dimension, (row + 1) * dimension)] as const),
  );
}

function cosineOf(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return NaN;
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
