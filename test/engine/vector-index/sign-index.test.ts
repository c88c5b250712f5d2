import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../../../engine/vector-index/exact-index.js';
import { LocalIndex, type IndexOptions } from '../../../engine/vector-index/local-index.js';
import { SignIndex } from '../../../engine/vector-index/sign-index.js';
import { VectorTable } from '../../../engine/vector-index/vector-table.js';
import type { IndexConfig } from '../../../engine/types.js';
import { clusteredDescriptors, type DescriptorSet } from '../../../scripts/bench/index-descriptors.js';
import { changes, indexConfig, range, temporaryFolder, vectorOf } from './fixtures.js';

const DIMENSION = 6;
const sign = (config: Partial<IndexConfig> = {}, dimension = DIMENSION) =>
  new SignIndex(indexConfig({ kind: 'sign', exactBelow: 0, ...config }), {
    table: new VectorTable(dimension),
    sequence: 0,
  });
const finish = (index: SignIndex) => {
  while (index.step(Infinity));
};
const wholeSet = ({ base, dimension }: DescriptorSet) => ({
  sequence: 1,
  putNodes: Uint32Array.from(range(1, base.length / dimension + 1)),
  putVectors: base,
  deletedNodes: new Uint32Array(),
});

describe('SignIndex', () => {
  it('scans exactly below the configured size, before anything is coded, and when asked', () => {
    const index = sign({ exactBelow: 20 });
    index.apply(changes(1, range(0, 19), [], DIMENSION));
    finish(index);
    expect(index.search(vectorOf(3, DIMENSION), 2).plan).toBe('exact');
    index.apply(changes(2, [19], [], DIMENSION));
    expect(index.search(vectorOf(3, DIMENSION), 2).plan).toBe('sign');
    expect(index.search(vectorOf(3, DIMENSION), 2, { exact: true }).plan).toBe('exact');
    const fresh = sign();
    fresh.apply(changes(1, range(0, 19), [], DIMENSION));
    expect(fresh.search(vectorOf(3, DIMENSION), 2).plan).toBe('exact');
  });

  it('merges rows that have no code yet into its answer', () => {
    const index = sign();
    index.apply(changes(1, range(0, 100), [], DIMENSION));
    finish(index);
    index.apply(changes(2, [200], [], DIMENSION));
    expect(index.stats().pending).toBe(1);
    const found = index.search(vectorOf(200, DIMENSION), 3);
    expect([found.plan, found.nodes[0]]).toEqual(['sign', 200]);
  });

  it('starts over with a new centre each time the table has doubled', () => {
    const index = sign();
    index.apply(changes(1, range(0, 100), [], DIMENSION));
    finish(index);
    index.apply(changes(2, range(100, 200), [], DIMENSION));
    index.step(0);
    expect(index.stats().pending).toBe(99);
    index.apply(changes(3, [200], [], DIMENSION));
    index.step(0);
    expect(index.stats().pending).toBe(200);
    finish(index);
    expect(index.stats()).toMatchObject({ kind: 'sign', live: 201, tombstones: 0, pending: 0 });
  });

  it('counts no deleted node as waiting, whether it was coded or not', () => {
    const index = sign();
    index.apply(changes(1, range(0, 10), [], DIMENSION));
    index.step(0);
    index.apply(changes(2, [], [0, 9], DIMENSION));
    expect(index.stats()).toMatchObject({ live: 8, pending: 8 });
    finish(index);
    expect(index.stats()).toMatchObject({ live: 8, pending: 0 });
    expect([...index.search(vectorOf(0, DIMENSION), 20).nodes].sort((a, b) => a - b)).toEqual(range(1, 9));
  });

  it('codes again what a generation brings', async () => {
    const options: IndexOptions = {
      config: indexConfig({ kind: 'sign', exactBelow: 0 }),
      dimension: DIMENSION,
      fingerprint: 'model-a',
      directory: temporaryFolder(),
    };
    const index = new LocalIndex(options);
    await index.apply(changes(4, range(0, 300), [7], DIMENSION));
    await index.save();
    await index.idle();
    const again = new LocalIndex(options);
    expect(again.opened).toMatchObject({ sequence: 4, live: 299 });
    await again.idle();
    const found = await again.search(vectorOf(7, DIMENSION), 300);
    expect(found.plan).toBe('sign');
    expect(found).toEqual(await index.search(vectorOf(7, DIMENSION), 300));
    // an index of another kind has another generation
    expect(new LocalIndex({ ...options, config: indexConfig({ kind: 'exact' }) }).opened.rejected).toHaveLength(1);
  });

  it.each([
    ['around the origin', 0],
    ['that all lean one way', 3],
  ])('has recall@10 of at least 0.98 at the default config, on clusters %s', (_, lean) => {
    const [count, queries, dimension] = [5000, 100, 64];
    const set = leaning(clusteredDescriptors({ count, queries, dimension, clusters: 250 }), lean);
    const [index, oracle] = [sign({}, dimension), new ExactIndex(new VectorTable(dimension))];
    index.apply(wholeSet(set));
    oracle.apply(wholeSet(set));
    finish(index);
    let right = 0;
    for (let start = 0; start < set.queries.length; start += dimension) {
      const query = set.queries.subarray(start, start + dimension);
      const tenth = oracle.search(query, 10).similarities[9]!;
      const found = index.search(query, 10);
      expect(found.plan).toBe('sign');
      right += found.similarities.filter((similarity) => similarity >= tenth - 1e-6).length;
    }
    expect(right / (10 * queries)).toBeGreaterThanOrEqual(0.98);
  });

  it('re-scores as many candidates as ef says, and ten for each wanted node at least', () => {
    const [count, dimension] = [3000, 64];
    const set = clusteredDescriptors({ count, queries: 40, dimension, clusters: 1, noise: 3 });
    const index = sign({ efSearch: 10 }, dimension);
    index.apply(wholeSet(set));
    finish(index);
    const recall = (k: number, ef?: number) => {
      let right = 0;
      for (let start = 0; start < set.queries.length; start += dimension) {
        const query = set.queries.subarray(start, start + dimension);
        const truth = index.search(query, k, { exact: true }).nodes;
        const { nodes } = index.search(query, k, ef === undefined ? {} : { ef });
        right += truth.filter((node) => nodes.includes(node)).length;
      }
      return right / (40 * k);
    };
    expect(recall(10)).toBe(recall(10, 100));
    expect(recall(10, 1000)).toBeGreaterThan(recall(10) + 0.1);
    expect(recall(10, count)).toBe(1);
  });
});

/** @returns the set with `lean` times one direction added to every vector. */
function leaning({ dimension, ...rows }: DescriptorSet, lean: number): DescriptorSet {
  const moved = (vectors: Float32Array) => {
    const out = vectors.map((value, i) => value + (i % dimension === 0 ? lean : 0));
    for (let start = 0; start < out.length; start += dimension) {
      const row = out.subarray(start, start + dimension);
      const length = Math.hypot(...row);
      row.forEach((value, i) => (row[i] = value / length));
    }
    return out;
  };
  return { dimension, base: moved(rows.base), queries: moved(rows.queries) };
}
