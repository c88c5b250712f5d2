import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { searchImages } from '../../../engine/collection/image-search.js';
import type { Region } from '../../../engine/types.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { dot, near, randomUnit, seededRandom } from '../../support/vectors.js';

const IMAGES = 300;
const PARTS = 5;
const random = seededRandom(11);

interface Known {
  far: boolean;
  vectors: { vector: Float32Array; box: Region | undefined }[];
}

let test: TestEngine;
let query: Float32Array;
const known = new Map<string, Known>();
const collections: Record<string, Collection> = {};

beforeAll(async () => {
  test = await openTestEngine();
  query = randomUnit(256, random);
  for (const kind of ['exact', 'hnsw'] as const) {
    const index = { kind, M: 16, efConstruction: 100, efSearch: 400, exactBelow: 0, rebuildRatio: 0.3 };
    collections[kind] = await test.engine.create(kind, { index });
  }
  for (let i = 0; i < IMAGES; i++) {
    const id = `v${String(i).padStart(4, '0')}`;
    const far = i % 3 === 0;
    // a few images show by one of their parts what the query looks for, the first three by several
    const parts = Array.from({ length: PARTS }, (_, part) => {
      const isLike = i < 3 || (i % 10 === 0 && part === 2);
      const vector = isLike ? near(query, 0.8, random) : randomUnit(256, random);
      return { vector, box: { x: part, y: 0, width: 2, height: 3 } };
    });
    known.set(id, { far, vectors: [{ vector: randomUnit(256, random), box: undefined }, ...parts] });
  }
  for (const collection of Object.values(collections)) {
    const sequences = Array.from(
      known,
      ([
        id,
        {
          far,
          vectors: [whole, ...parts],
        },
      ]) => {
        const regions = parts.map(({ vector, box }) => ({ descriptor: vector, box: box! }));
        return putVector(collection, id, whole!.vector, { far }, regions);
      },
    );
    await collection.epoch.index.reach(Math.max(...(await Promise.all(sequences))), 20_000);
  }
}, 60_000);
afterAll(() => test.close());

/** Every image by its best part. */
function expected(keep: (image: Known) => boolean = () => true) {
  const best = [...known]
    .filter(([, image]) => keep(image))
    .map(([id, { vectors }]) => {
      const scored = vectors.map(({ vector, box }) => ({ id, score: dot(query, vector), box }));
      return scored.reduce((a, b) => (b.score > a.score ? b : a));
    });
  return best.sort((a, b) => b.score - a.score).map(({ id, box }) => ({ id, box }));
}

async function found(kind: string, more: { k: number; offset?: number; filter?: { far: boolean }; exact?: boolean }) {
  const collection = collections[kind]!;
  const by = { kind: 'descriptor' as const, vector: query, fingerprint: collection.epoch.model.fingerprint };
  const { hits, plan } = await collection.search({ queries: [by], ...more });
  return { plan, hits: hits.map(({ record, box }) => ({ id: record.id, box })) };
}

describe.each(['exact', 'hnsw'])('an index of kind %s over images with regions', (kind) => {
  it('gives each image once, by its best part, and says where that is', async () => {
    const { hits } = await found(kind, { k: 20 });
    expect(hits).toEqual(expected().slice(0, 20));
    expect(hits.filter(({ box }) => box !== undefined).length).toBeGreaterThan(15);
  });

  it('counts images in pages, over all of them', async () => {
    const pages = await Promise.all([0, 7, 14].map((offset) => found(kind, { k: 7, offset })));
    expect(pages.flatMap(({ hits }) => hits)).toEqual(expected().slice(0, 21));
    const all = await found(kind, { k: 1000, exact: true });
    expect(all.hits).toEqual(expected());
  });

  it('keeps to a filter, by the metadata of the image', async () => {
    const near = expected(({ far }) => !far);
    expect(await found(kind, { k: 25, filter: { far: false } })).toEqual({
      ...{ plan: 'exact-filtered', hits: near.slice(0, 25) },
    });
    expect((await found(kind, { k: 1000, filter: { far: false } })).hits).toEqual(near);
  });

  it('goes through the graph under a filter, to the same images', async () => {
    const { store, index } = collections[kind]!.epoch;
    const search = { vector: query, count: 10, filter: { far: false }, exclude: [] };
    const { images, plan } = await searchImages(store, index, search, { scanNodes: 10, graphNodes: 1000 });
    expect(plan).toBe(`${kind}-filtered`);
    expect(images.map(({ record }) => record.id)).toEqual(
      expected(({ far }) => !far)
        .slice(0, 10)
        .map(({ id }) => id),
    );
  });

  it('leaves out what is deleted, and what a replacement no longer shows; also after a start', async () => {
    const collection = collections[kind]!;
    const [first, second] = expected().map(({ id }) => id);
    await collection.delete(first!);
    const { far, vectors } = known.get(second!)!;
    const sequence = await putVector(collection, second!, vectors[0]!.vector, { far });
    await collection.epoch.index.reach(sequence, 20_000);
    const gone = known.get(first!)!;
    known.delete(first!);
    known.set(second!, { far, vectors: vectors.slice(0, 1) });
    expect((await found(kind, { k: 30 })).hits).toEqual(expected().slice(0, 30));
    const { nodes } = await collection.info();
    expect(nodes).toBe((IMAGES - 1) * (PARTS + 1) - PARTS);
    expect((await collection.epoch.index.stats()).live).toBe(nodes);
    await test.reopen();
    for (const name of Object.keys(collections)) collections[name] = test.engine.get(name);
    expect((await collections[kind]!.epoch.index.stats()).live).toBe(nodes);
    expect((await found(kind, { k: 30 })).hits).toEqual(expected().slice(0, 30));
    known.set(first!, gone);
    known.set(second!, { far, vectors });
  });
});
