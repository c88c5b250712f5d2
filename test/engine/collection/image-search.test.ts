import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { searchImages } from '../../../engine/collection/image-search.js';
import type { Filter } from '../../../engine/store/filter.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { dot, near, randomUnit, seededRandom } from '../../support/vectors.js';

const IMAGES = 1500;
const random = seededRandom(7);
let test: TestEngine;
let collection: Collection;
let query: Float32Array;
const vectors = new Map<string, Float32Array>();

beforeAll(async () => {
  test = await openTestEngine();
  // no exact plan below some size: the graph must do the work
  collection = await test.engine.create('graph', {
    index: { kind: 'hnsw', M: 16, efConstruction: 100, efSearch: 64, exactBelow: 0, rebuildRatio: 0.3 },
  });
  query = randomUnit(256, random);
  const writes: Promise<number>[] = [];
  for (let i = 0; i < IMAGES; i++) {
    // half lie near the query, half anywhere; only the far half is `far`
    const far = i % 2 === 1;
    const vector = far ? randomUnit(256, random) : near(query, 0.8, random);
    const id = `v${String(i).padStart(4, '0')}`;
    vectors.set(id, vector);
    writes.push(putVector(collection, id, vector, { far, only: i === 777 }));
  }
  await collection.epoch.index.reach(Math.max(...(await Promise.all(writes))), 20_000);
});
afterAll(() => test.close());

function exactTop(k: number, keep: (id: string) => boolean): string[] {
  const scored = [...vectors].filter(([id]) => keep(id)).map(([id, vector]) => ({ id, score: dot(query, vector) }));
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, k)
    .map(({ id }) => id);
}
const isFar = (id: string) => Number(id.slice(1)) % 2 === 1;

async function search(more: object): Promise<{ ids: string[]; plan: string }> {
  const { fingerprint } = collection.epoch.model;
  const answer = await collection.search({
    queries: [{ kind: 'descriptor', vector: query, fingerprint }],
    k: 10,
    ...more,
  });
  return { ids: answer.hits.map(({ record }) => record.id), plan: answer.plan };
}

describe('searchImages', () => {
  it('goes through the graph, or exactly on request, to the same images', async () => {
    const exact = await search({ exact: true });
    expect(exact).toEqual({ ids: exactTop(10, () => true), plan: 'exact' });
    const graph = await search({ ef: 400 });
    expect(graph.ids.filter((id) => exact.ids.includes(id)).length).toBeGreaterThanOrEqual(9);
  });

  it('finds a filter that matches a single image', async () => {
    expect(await search({ filter: { only: true } })).toEqual({ ids: ['v0777'], plan: 'exact-filtered' });
  });

  it('answers a filter that nothing matches with nothing', async () => {
    expect(await search({ filter: { brand: 'none' } })).toEqual({ ids: [], plan: 'empty' });
  });

  it('finds everything that matches a filter against the grain of the query', async () => {
    const { ids, plan } = await search({ filter: { far: true }, k: 20 });
    expect(plan).toBe('exact-filtered');
    expect(ids).toEqual(exactTop(20, isFar));
  });

  it('over-fetches through the graph where many match, and ends in a scan where that is in vain', async () => {
    const { store, index } = collection.epoch;
    const byGraph = (filter: Filter, count: number) =>
      searchImages(
        store,
        index,
        { vector: query, count, filter, exclude: [], ef: 400 },
        { scanNodes: 10, graphNodes: 400 },
      );
    const along = await byGraph({ far: false }, 10);
    expect(along.plan).toBe('hnsw-filtered');
    expect(along.images.map(({ record }) => record.id)).toEqual(exactTop(10, (id) => !isFar(id)));
    const against = await byGraph({ far: true }, 10);
    expect(against.plan).toBe('exact-filtered');
    expect(against.images.map(({ record }) => record.id)).toEqual(exactTop(10, isFar));
  });

  it('says that codes did the work, with a filter and without', async () => {
    const coded = await test.engine.create('coded', {
      index: { kind: 'sign', M: 16, efConstruction: 100, efSearch: 64, exactBelow: 0, rebuildRatio: 0.3 },
    });
    const some = [...vectors].filter((_, i) => i < 200);
    const writes = await Promise.all(some.map(([id, vector]) => putVector(coded, id, vector, { far: isFar(id) })));
    await coded.epoch.index.reach(Math.max(...writes), 20_000);
    const { store, index } = coded.epoch;
    await expect.poll(async () => (await index.stats()).pending).toBe(0);
    const limits = { scanNodes: 10, graphNodes: 400 };
    const all = await searchImages(store, index, { vector: query, count: 5, exclude: [] }, limits);
    const near = { vector: query, count: 5, exclude: [], filter: { far: false } };
    const filtered = await searchImages(store, index, near, limits);
    expect([all.plan, filtered.plan]).toEqual(['sign', 'sign-filtered']);
    expect(filtered.images.map(({ record }) => isFar(record.id))).toEqual(Array(5).fill(false));
  });

  it('never gives fewer than there are, at any k and offset', async () => {
    expect((await search({ k: 1000, offset: 1000 })).ids).toHaveLength(500);
    expect((await search({ filter: { far: true }, k: 1000 })).ids).toHaveLength(IMAGES / 2);
  });

  it('counts images, not nodes, where many share a descriptor', async () => {
    const shared = randomUnit(256, random);
    const last = await Promise.all(Array.from({ length: 30 }, (_, i) => putVector(collection, `same${i}`, shared)));
    await collection.epoch.index.reach(Math.max(...last), 20_000);
    const { fingerprint } = collection.epoch.model;
    const by = { kind: 'descriptor' as const, vector: shared, fingerprint };
    const first = await collection.search({ queries: [by], k: 12 });
    const second = await collection.search({ queries: [by], k: 12, offset: 12 });
    const ids = [...first.hits, ...second.hits].map(({ record }) => record.id);
    expect(new Set(ids).size).toBe(24);
    expect(ids.every((id) => id.startsWith('same'))).toBe(true);
  });
});
