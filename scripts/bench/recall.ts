import type { DescriptorSet } from './index-descriptors.js';

/** A found node counts as right if it is as near as the true k-th, within this, so that ties do not matter. */
const TIE = 1e-6;

/** Finds the k nearest of a query. @returns their similarities, falling. */
export type Search = (query: Float32Array, k: number) => Float32Array;

/** @returns views of the queries, each [dimension]. */
export function queriesOf({ queries, dimension }: DescriptorSet): Float32Array[] {
  return Array.from({ length: queries.length / dimension }, (_, i) =>
    queries.subarray(i * dimension, (i + 1) * dimension),
  );
}

/** @returns the true k-th similarity of each query. */
export function kthSimilarities(queries: Float32Array[], k: number, exact: Search): number[] {
  return queries.map((query) => exact(query, k).at(-1)!);
}

/** @param kth of each query, see {@link kthSimilarities}. @returns recall@k and queries a second. */
export function measureSearch(
  queries: Float32Array[],
  k: number,
  kth: number[],
  search: Search,
): { recall: number; perSecond: number } {
  const found: Float32Array[] = [];
  const took = seconds(() => queries.forEach((query) => found.push(search(query, k))));
  const right = found.map((similarities, i) => similarities.filter((value) => value >= kth[i]! - TIE).length);
  const recall = right.reduce((sum, count) => sum + count, 0) / (k * queries.length);
  return { recall, perSecond: queries.length / took };
}

/** @returns how long it ran, to the millisecond. */
export function seconds(run: () => unknown): number {
  const start = performance.now();
  run();
  return Number(((performance.now() - start) / 1000).toFixed(3));
}
