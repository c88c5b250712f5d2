import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../../../engine/vector-index/exact-index.js';
import { HnswIndex } from '../../../engine/vector-index/hnsw-index.js';
import { VectorTable } from '../../../engine/vector-index/vector-table.js';
import type { IndexConfig } from '../../../engine/types.js';
import { clusteredDescriptors } from '../../../scripts/bench/index-descriptors.js';
import { changes, indexConfig, range, temporaryFolder, vectorOf } from './fixtures.js';

const DIMENSION = 6;
const emptyTable = (dimension = DIMENSION) => ({ table: new VectorTable(dimension), sequence: 0 });
const hnsw = (config: Partial<IndexConfig> = {}) =>
  new HnswIndex(indexConfig({ exactBelow: 0, ...config }), emptyTable());
const finish = (index: HnswIndex) => {
  while (index.step(Infinity));
};

describe('HnswIndex', () => {
  it('scans exactly while the graph holds less than half, then uses the graph', () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 10), [], DIMENSION));
    const plans = range(0, 10).map(() => {
      const { plan } = index.search(vectorOf(3, DIMENSION), 2);
      index.step(0);
      return plan;
    });
    expect(plans).toEqual([...Array<string>(5).fill('exact'), ...Array<string>(5).fill('hnsw')]);
  });

  it('scans exactly below the configured size and when asked', () => {
    const index = hnsw({ exactBelow: 20 });
    index.apply(changes(1, range(0, 19), [], DIMENSION));
    finish(index);
    expect(index.search(vectorOf(3, DIMENSION), 2).plan).toBe('exact');
    index.apply(changes(2, [19], [], DIMENSION));
    expect(index.search(vectorOf(3, DIMENSION), 2).plan).toBe('hnsw');
    expect(index.search(vectorOf(3, DIMENSION), 2, { exact: true }).plan).toBe('exact');
  });

  it('merges rows that wait for the graph into its answer', () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 100), [], DIMENSION));
    finish(index);
    index.apply(changes(2, [200], [], DIMENSION));
    expect(index.stats().pending).toBe(1);
    const found = index.search(vectorOf(200, DIMENSION), 3);
    expect([found.plan, found.nodes[0]]).toEqual(['hnsw', 200]);
  });

  it('counts tombstones: only deleted nodes that reached the graph', () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 10), [], DIMENSION));
    while (index.stats().pending > 5) index.step(0);
    index.apply(changes(2, [], [0, 9], DIMENSION));
    finish(index);
    expect(index.stats()).toMatchObject({ live: 8, tombstones: 1, pending: 0 });
  });

  it('takes changes while frozen, and tells the graph afterwards', async () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 50), [], DIMENSION));
    finish(index);
    const written = index.freeze().graph?.write(`${temporaryFolder()}/graph`);
    index.apply(changes(2, [50, 51], range(0, 45), DIMENSION));
    expect(index.step(Infinity)).toBe(false);
    const whileFrozen = index.search(vectorOf(2, DIMENSION), 30);
    expect([...whileFrozen.nodes].sort((a, b) => a - b)).toEqual(range(45, 52));
    await written;
    index.thaw();
    finish(index);
    expect(index.stats()).toMatchObject({ live: 7, tombstones: 45, pending: 0, sequence: 2 });
    const thawed = index.search(vectorOf(2, DIMENSION), 7);
    expect(thawed).toEqual({ ...whileFrozen, plan: 'hnsw' });
  });

  it('tells the graph of a single node that was deleted while it was frozen', () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 100), [], DIMENSION));
    finish(index);
    index.freeze();
    index.apply(changes(2, [], [5], DIMENSION));
    index.thaw();
    // a graph that still gave node 5 would have to be helped out by a scan
    expect(index.search(vectorOf(5, DIMENSION), 10).plan).toBe('hnsw');
  });

  it('scans when the graph, frozen, gives too many nodes that are deleted by now', () => {
    const index = hnsw();
    index.apply(changes(1, range(0, 600), [], DIMENSION));
    finish(index);
    const query = vectorOf(2, DIMENSION);
    const nearest = index.search(query, 250, { exact: true }).nodes;
    index.freeze();
    index.apply(changes(2, [], [...nearest], DIMENSION));
    expect(index.search(query, 5)).toEqual(index.search(query, 5, { exact: true }));
    expect(index.search(query, 5).nodes).toHaveLength(5);
  });

  it('answers as the exact index does after any history: no deleted node, never fewer than min(k, live)', () => {
    const node = fc.nat(60);
    const operation = fc.oneof(
      fc.record({ op: fc.constant('put' as const), nodes: fc.array(node, { maxLength: 20, size: 'max' }) }),
      fc.record({ op: fc.constant('delete' as const), nodes: fc.array(node, { maxLength: 6 }) }),
      fc.constant({ op: 'step' as const, nodes: [] }),
      fc.constant({ op: 'freeze' as const, nodes: [] }),
      fc.constant({ op: 'thaw' as const, nodes: [] }),
      fc.record({ op: fc.constant('search' as const), nodes: fc.tuple(node) }),
    );
    let [wanted, right] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(operation, { minLength: 15, maxLength: 30, size: 'max' }),
        fc.integer({ min: 1, max: 70 }),
        (operations, k) => {
          const [graph, oracle] = [hnsw(), new ExactIndex(new VectorTable(DIMENSION))];
          operations.forEach(({ op, nodes }, sequence) => {
            if (op === 'put' || op === 'delete') {
              const part = changes(sequence, op === 'put' ? nodes : [], op === 'delete' ? nodes : [], DIMENSION);
              graph.apply(part);
              oracle.apply(part);
            } else if (op === 'step') graph.step(0);
            else if (op === 'freeze') graph.freeze();
            else if (op === 'thaw') graph.thaw();
            else {
              const query = vectorOf(nodes[0] + 0.5, DIMENSION);
              const [found, truth] = [graph.search(query, k, { ef: 10 }), oracle.search(query, k)];
              expect(found.nodes.length).toBe(Math.min(k, oracle.stats().live));
              const all = new Set(oracle.search(query, 100).nodes);
              expect([...found.nodes].filter((id) => !all.has(id))).toEqual([]);
              expect(new Set(found.nodes).size).toBe(found.nodes.length);
              wanted += truth.nodes.length;
              right += truth.nodes.filter((id) => found.nodes.includes(id)).length;
            }
          });
          expect(graph.stats().live).toBe(oracle.stats().live);
        },
      ),
      { numRuns: 300 },
    );
    expect(wanted).toBeGreaterThan(1000);
    expect(right / wanted).toBeGreaterThan(0.99);
  });

  it('has recall@10 of at least 0.98 at the default config on clustered descriptors', () => {
    const [count, queries, dimension] = [5000, 100, 64];
    const set = clusteredDescriptors({ count, queries, dimension, clusters: 250 });
    const index = new HnswIndex(indexConfig({ exactBelow: 0 }), emptyTable(dimension));
    index.apply({
      sequence: 1,
      putNodes: Uint32Array.from(range(1, count + 1)),
      putVectors: set.base,
      deletedNodes: new Uint32Array(),
    });
    finish(index);
    let right = 0;
    for (let start = 0; start < set.queries.length; start += dimension) {
      const query = set.queries.subarray(start, start + dimension);
      const tenth = index.search(query, 10, { exact: true }).similarities[9]!;
      const found = index.search(query, 10);
      expect(found.plan).toBe('hnsw');
      right += found.similarities.filter((similarity) => similarity >= tenth - 1e-6).length;
    }
    expect(right / (10 * queries)).toBeGreaterThanOrEqual(0.98);
  });
});
