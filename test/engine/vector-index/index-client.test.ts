import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IndexClient } from '../../../engine/vector-index/index-client.js';
import { keptSequences } from '../../../engine/vector-index/generation-folder.js';
import { LocalIndex, type IndexOptions } from '../../../engine/vector-index/local-index.js';
import { changes, indexConfig, range, temporaryFolder, vectorOf } from './fixtures.js';

const options = (directory = temporaryFolder()): IndexOptions => ({
  config: indexConfig({ exactBelow: 0 }),
  dimension: 4,
  fingerprint: 'model-a',
  directory,
});

async function openClient(from: IndexOptions): Promise<IndexClient> {
  const client = await IndexClient.open(from);
  onTestFinished(() => client.close());
  return client;
}

describe('IndexClient', () => {
  it('moves whole arrays of vectors and copies parts of larger ones', async () => {
    const client = await openClient(options());
    const whole = changes(1, range(0, 8));
    await client.apply(whole);
    expect(whole.putVectors).toHaveLength(0);
    const large = Float32Array.from(range(8, 12).flatMap((node) => [...vectorOf(node, 4)]));
    await client.apply({ ...changes(2, []), putNodes: Uint32Array.of(9), putVectors: large.subarray(4, 8) });
    expect(large).toHaveLength(16);
    expect((await client.search(vectorOf(9, 4), 1)).nodes[0]).toBe(9);
  });

  it('answers searches that come while a large page waits for the graph', async () => {
    const client = await openClient(options());
    await client.apply(changes(1, range(0, 3000)));
    const [found, { pending }] = await Promise.all([client.search(vectorOf(2999, 4), 1), client.stats()]);
    expect(found.nodes[0]).toBe(2999);
    expect(pending).toBeGreaterThan(0);
    await client.idle();
    expect(await client.stats()).toMatchObject({ pending: 0, live: 3000 });
  });

  it('saves while changes and searches go on, and opens from what it saved', async () => {
    const from = options();
    const client = await openClient(from);
    await client.apply(changes(5, range(0, 1500), [3]));
    await client.idle();
    const saving = client.save();
    await client.apply(changes(6, [2000], [4]));
    expect((await client.search(vectorOf(2000, 4), 1)).nodes[0]).toBe(2000);
    expect(await saving).toEqual({ sequence: 5, kept: [5] });
    expect(await client.save()).toEqual({ sequence: 6, kept: [5, 6] });
    expect((await client.stats()).generationSequence).toBe(6);
    const before = await client.search(vectorOf(9, 4), 50);
    await client.close();

    const again = await openClient(from);
    expect(again.opened).toEqual({ sequence: 6, live: 1499, rejected: [], kept: [5, 6] });
    expect(await again.search(vectorOf(9, 4), 50)).toEqual(before);
    await again.apply(changes(7, [4]));
    expect(await again.stats()).toMatchObject({ live: 1499, tombstones: 1, sequence: 7, generationSequence: 6 });
  });

  it('reports the code of an error in the thread, and ends it', async () => {
    const broken = options(join(temporaryFolder(), 'file'));
    writeFileSync(broken.directory, 'not a folder');
    await expect(IndexClient.open(broken)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('LocalIndex', () => {
  it('starts fresh without touching what is saved', async () => {
    const from = options();
    const first = new LocalIndex(from);
    await first.apply(changes(1, [1]));
    await first.save();
    mkdirSync(join(from.directory, 'tmp-of-a-running-save'));
    const fresh = new LocalIndex({ ...from, fresh: true });
    expect(fresh.opened).toEqual({ sequence: 0, live: 0, rejected: [], kept: [] });
    expect(readdirSync(from.directory)).toContain('tmp-of-a-running-save');
  });

  it('waits for a save when it closes, and refuses what comes after', async () => {
    const from = options();
    const index = new LocalIndex(from);
    await index.apply(changes(1, range(0, 2000)));
    const idle = expect(index.idle()).rejects.toMatchObject({ code: 'shutting_down' });
    const saved = index.save();
    await index.close();
    expect(keptSequences(from.directory)).toEqual([1]);
    await Promise.all([idle, saved]);
    await expect(index.stats()).rejects.toMatchObject({ code: 'shutting_down' });
    expect(new LocalIndex(from).opened).toMatchObject({ sequence: 1, live: 2000 });
  });

  it('goes on filling the graph after a save, and after one that failed', async () => {
    const from = options();
    const index = new LocalIndex(from);
    await index.apply(changes(1, range(0, 300)));
    await index.save();
    await index.idle();
    rmSync(from.directory, { recursive: true });
    writeFileSync(from.directory, 'not a folder');
    await index.apply(changes(2, range(300, 600)));
    await expect(index.save()).rejects.toThrow();
    await index.idle();
    expect(await index.stats()).toMatchObject({ live: 600, pending: 0, generationSequence: 1 });
  });

  it('saves and loads an exact index', async () => {
    const from = { ...options(), config: indexConfig({ kind: 'exact' }) };
    const index = new LocalIndex(from);
    await index.apply(changes(4, range(0, 300), [7]));
    await index.save();
    const again = new LocalIndex(from);
    expect(again.opened).toMatchObject({ sequence: 4, live: 299 });
    expect(await again.search(vectorOf(7, 4), 300)).toEqual(await index.search(vectorOf(7, 4), 300));
  });
});
