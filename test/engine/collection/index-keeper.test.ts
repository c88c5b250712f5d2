import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { randomUnit, seededRandom } from '../../support/vectors.js';

const random = seededRandom(3);
let test: TestEngine;

beforeEach(async () => {
  test = await openTestEngine({ checkpointEvery: 1_000_000 });
});
afterEach(() => test.close());

const open = () => test.engine.get('default');
const generations = () => join(test.dataDir, 'collections/default/epochs/1/generations');

async function fill(collection: Collection, prefix: string, count: number): Promise<Map<string, Float32Array>> {
  const vectors = new Map(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, randomUnit(256, random)] as const));
  const sequences = await Promise.all([...vectors].map(([id, vector]) => putVector(collection, id, vector)));
  await collection.epoch.index.reach(Math.max(...sequences), 20_000);
  return vectors;
}

/** Every vector finds its own image first; what is gone is not found. */
async function expectExactly(collection: Collection, vectors: Map<string, Float32Array>): Promise<void> {
  const { fingerprint } = collection.epoch.model;
  for (const [id, vector] of vectors) {
    const { hits } = await collection.search({ queries: [{ kind: 'descriptor', vector, fingerprint }], k: 1 });
    expect(hits[0]?.record.id).toBe(id);
  }
  const { nodes, index } = await collection.info();
  expect({ nodes, live: index.live }).toEqual({ nodes: vectors.size, live: vectors.size });
}

describe('IndexKeeper', () => {
  it('a checkpoint followed by delete, re-add and a start without saving gives the right answer', async () => {
    const vectors = await fill(open(), 'a', 40);
    await open().checkpoint();
    await open().delete('a0');
    vectors.delete('a0');
    await open().delete('a1');
    await putVector(open(), 'a1', vectors.get('a1')!);
    for (const [id, vector] of await fill(open(), 'b', 10)) vectors.set(id, vector);
    await closeWithoutSaving();
    await test.reopen();
    await expectExactly(open(), vectors);
    expect(test.events.map(({ event }) => event)).not.toContain('generation-out-of-step');
  });

  it('falls back to the generation before when the newest is damaged, and to the store when both are', async () => {
    const vectors = await fill(open(), 'a', 20);
    await open().checkpoint();
    for (const [id, vector] of await fill(open(), 'b', 20)) vectors.set(id, vector);
    await test.reopen();
    const names = (await readdir(generations())).sort();
    expect(names).toHaveLength(2);
    await flipByte(join(generations(), names[1]!));
    await test.reopen();
    await expectExactly(open(), vectors);
    expect(test.events.filter(({ event }) => event === 'generation-rejected')).toHaveLength(1);
    for (const name of await readdir(generations())) await flipByte(join(generations(), name));
    await test.reopen();
    await expectExactly(open(), vectors);
  });

  it('saves at its end what it had to read from the store at its start', async () => {
    await fill(open(), 'a', 10);
    await test.engine.close();
    await rm(generations(), { recursive: true });
    await test.reopen();
    expect((await open().info()).index).toMatchObject({ live: 10, generationSequence: 0 });
    await test.reopen();
    expect((await open().info()).index).toMatchObject({ live: 10, generationSequence: 10 });
  });

  it('drops a generation that is newer than the store, as after a restored backup', async () => {
    await fill(open(), 'a', 10);
    await test.engine.close();
    const store = join(test.dataDir, 'collections/default/epochs/1/store.sqlite');
    const backup = await readFile(store);
    await test.reopen();
    await fill(open(), 'b', 10);
    await test.engine.close();
    await rm(`${store}-wal`, { force: true });
    await rm(`${store}-shm`, { force: true });
    await writeFile(store, backup);
    await test.reopen();
    expect(test.events.map(({ event }) => event)).toContain('generation-out-of-step');
    expect((await open().info()).index.live).toBe(10);
  });

  it('rebuilds beside the running index and swaps', async () => {
    const vectors = await fill(open(), 'a', 60);
    for (let i = 0; i < 30; i++) {
      await open().delete(`a${i}`);
      vectors.delete(`a${i}`);
    }
    const rebuilding = open().epoch.index.rebuild();
    for (const [id, vector] of await fill(open(), 'late', 10)) vectors.set(id, vector);
    await rebuilding;
    await expectExactly(open(), vectors);
    expect((await open().info()).index.tombstones).toBe(0);
  });

  it('rebuilds by itself once too many deleted nodes have gathered', async () => {
    await fill(open(), 'a', 1400);
    // a row that waits for its place in the graph leaves no tombstone when it is deleted
    await expect.poll(async () => (await open().info()).index.pending, { timeout: 20_000 }).toBe(0);
    for (let i = 0; i < 1000; i += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => open().delete(`a${i + j}`)));
    }
    await expect.poll(async () => (await open().info()).index.tombstones, { timeout: 20_000 }).toBeLessThan(100);
    expect((await open().info()).index.live).toBe(400);
  });

  it('saves by itself after so many changes, and forgets the log that no generation needs', async () => {
    await test.close();
    test = await openTestEngine({ checkpointEvery: 50 });
    await fill(open(), 'a', 120);
    await expect
      .poll(async () => (await open().info()).index.generationSequence, { timeout: 20_000 })
      .toBeGreaterThan(0);
    await expect.poll(async () => (await open().epoch.store.info()).logStart, { timeout: 20_000 }).toBeGreaterThan(0);
  });
});

/** Ends the engine so that its index is not saved: what a kill leaves, seen from the files. */
async function closeWithoutSaving(): Promise<void> {
  const saved = await snapshotFolder(generations());
  await test.engine.close();
  await rm(generations(), { recursive: true });
  await saved.restore();
}

async function snapshotFolder(folder: string): Promise<{ restore: () => Promise<void> }> {
  const copy = await mkdtemp(`${folder}-copy-`);
  await cp(folder, copy, { recursive: true });
  return {
    restore: async () => {
      await cp(copy, folder, { recursive: true });
      await rm(copy, { recursive: true });
    },
  };
}

async function flipByte(generation: string): Promise<void> {
  const file = join(generation, 'vectors.f32');
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 1;
  await writeFile(file, bytes);
}
