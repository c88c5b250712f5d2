import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { drawPicture } from '../../support/pictures.js';
import { openTestEngine, type TestEngine } from '../../support/engine.js';

let test: TestEngine;
let collection: Collection;
const pictures: Buffer[] = [];

beforeAll(async () => {
  test = await openTestEngine();
  collection = test.engine.get('default');
  for (let seed = 0; seed < 6; seed++) pictures.push(await drawPicture(seed));
});
afterAll(() => test.close());

const code = (name: string) => expect.objectContaining({ code: name }) as Error;
const searchBy = (bytes: Uint8Array, more = {}) =>
  collection.search({ queries: [{ kind: 'image', bytes }], k: 3, ...more });

describe('a collection', () => {
  it('adds pictures and finds each one first by itself', async () => {
    for (const [i, bytes] of pictures.entries()) {
      const { outcome, record, reused } = await collection.put({ id: `p${i}`, bytes, metadata: { even: i % 2 === 0 } });
      expect({ outcome, reused }).toEqual({ outcome: 'added', reused: false });
      expect(record).toMatchObject({ id: `p${i}`, width: 160, height: 160, format: 'jpeg', bytes: bytes.length });
    }
    const { sequence } = await collection.info();
    const answer = await searchBy(pictures[2]!, { minSequence: sequence });
    expect(answer.hits[0]!.record.id).toBe('p2');
    expect(answer.hits[0]!.score).toBeCloseTo(1, 5);
    expect(answer.hits).toHaveLength(3);
    expect(answer.plan).toBe('exact');
    expect(answer.queries).toMatchObject([{ kind: 'image', width: 160, height: 160, orientation: 1 }]);
    expect(Object.keys(answer.timings)).toEqual(expect.arrayContaining(['decode', 'inference', 'search']));
  });

  it('answers unchanged to the same put, and replaced to another picture under the id', async () => {
    const before = (await collection.info()).sequence;
    const same = await collection.put({ id: 'p1', bytes: pictures[1]!, metadata: { even: false } });
    expect(same.outcome).toBe('unchanged');
    expect((await collection.info()).sequence).toBe(before);
    const replaced = await collection.put({ id: 'p1', bytes: await drawPicture(41) });
    expect(replaced.outcome).toBe('replaced');
    expect(replaced.sequence).toBe(before + 1);
    const back = await collection.put({ id: 'p1', bytes: pictures[1]!, metadata: { even: false } });
    const { hits } = await searchBy(pictures[1]!, { minSequence: back.sequence });
    expect(hits.filter(({ record }) => record.id === 'p1')).toHaveLength(1);
  });

  it('uses a known descriptor again for the same bytes, with one node for both images', async () => {
    const { nodes } = await collection.info();
    const twin = await collection.put({ id: 'twin', bytes: pictures[0]! });
    expect(twin.reused).toBe(true);
    expect((await collection.info()).nodes).toBe(nodes);
    const { hits } = await searchBy(pictures[0]!, { minSequence: twin.sequence });
    expect(hits.slice(0, 2).map(({ record }) => record.id)).toEqual(['p0', 'twin']);
  });

  it('leaves a stored image out of the answer to itself', async () => {
    const { hits } = await collection.search({ queries: [{ kind: 'id', id: 'p3' }], k: 10 });
    expect(hits.map(({ record }) => record.id)).not.toContain('p3');
    expect(hits).toHaveLength(6);
  });

  it('pages by offset, cuts by minScore, and averages several queries', async () => {
    const all = await searchBy(pictures[4]!, { k: 7 });
    const page = await searchBy(pictures[4]!, { k: 3, offset: 2 });
    expect(page.hits).toEqual(all.hits.slice(2, 5));
    const cut = await searchBy(pictures[4]!, { k: 7, minScore: 0.999 });
    expect(cut.hits.map(({ record }) => record.id)).toEqual(['p4']);
    const both = await collection.search({
      queries: [
        { kind: 'id', id: 'p4' },
        { kind: 'id', id: 'p5' },
      ],
      k: 7,
    });
    expect(both.hits.map(({ record }) => record.id)).not.toEqual(expect.arrayContaining(['p4']));
  });

  it('searches by a descriptor of its own fingerprint', async () => {
    const { vector } = await collection.describe(pictures[2]!);
    const { fingerprint } = await collection.info();
    const { hits } = await collection.search({ queries: [{ kind: 'descriptor', vector, fingerprint }], k: 1 });
    expect(hits[0]!.record.id).toBe('p2');
    const foreign = { kind: 'descriptor' as const, vector, fingerprint: '0'.repeat(32) };
    await expect(collection.search({ queries: [foreign], k: 1 })).rejects.toThrow(code('fingerprint_mismatch'));
  });

  it('merges metadata, and filters by it', async () => {
    const { record } = await collection.patchMetadata('p5', { brand: 'acme', even: null });
    expect(record.metadata).toEqual({ brand: 'acme' });
    const { hits, plan } = await searchBy(pictures[0]!, { filter: { brand: 'acme' } });
    expect(plan).toBe('exact-filtered');
    expect(hits.map(({ record: { id } }) => id)).toEqual(['p5']);
  });

  it('keeps originals, and makes thumbnails', async () => {
    const { bytes, mediaType } = await collection.original('p2');
    expect(Buffer.from(bytes).equals(pictures[2]!)).toBe(true);
    expect(mediaType).toBe('image/jpeg');
    expect((await collection.thumbnail('p2', 32)).bytes.length).toBeGreaterThan(50);
  });

  it('refers to a file where it lies, and says when it has changed', async () => {
    const path = join(test.dataDir, 'elsewhere.jpg');
    const bytes = await drawPicture(77);
    await writeFile(path, bytes);
    await collection.put({ id: 'file', bytes, source: { kind: 'file', path, mtimeMs: 1 } });
    expect(Buffer.from((await collection.original('file')).bytes).equals(bytes)).toBe(true);
    await writeFile(path, pictures[0]!);
    await expect(collection.original('file')).rejects.toThrow(code('original_not_available'));
    await rm(path);
    await expect(collection.original('file')).rejects.toThrow(code('original_not_available'));
  });

  it('deletes: the image is gone at once, its bytes with the last image that has them', async () => {
    await collection.delete('p0');
    expect((await collection.original('twin')).bytes.length).toBe(pictures[0]!.length);
    const { sequence } = await collection.delete('twin');
    const { hits } = await searchBy(pictures[0]!, { minSequence: sequence, k: 10 });
    expect(hits.map(({ record }) => record.id)).not.toEqual(expect.arrayContaining(['p0']));
    await expect(collection.get('p0')).rejects.toThrow(code('image_not_found'));
    await expect(collection.delete('p0')).rejects.toThrow(code('image_not_found'));
  });

  it('refuses a bad picture and changes nothing', async () => {
    const before = await collection.info();
    const bad = collection.put({ id: 'bad', bytes: Buffer.from('not a picture') });
    await expect(bad).rejects.toThrow(code('unsupported_format'));
    expect(await collection.info()).toEqual(before);
  });

  it('says when a wanted sequence does not come', async () => {
    const { sequence } = await collection.info();
    await expect(collection.epoch.index.reach(sequence + 1, 20)).rejects.toThrow(code('sequence_timeout'));
  });

  it('is the same after closing and opening again', async () => {
    const before = await searchBy(pictures[3]!, { k: 10 });
    await test.reopen();
    collection = test.engine.get('default');
    const after = await searchBy(pictures[3]!, { k: 10 });
    expect(after.hits).toEqual(before.hits);
    expect(test.events.filter(({ event }) => event === 'checkpoint').length).toBeGreaterThan(0);
  });
});
