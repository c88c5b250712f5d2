import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reembed } from '../../../engine/collection/reembed.js';
import { verifyCollection } from '../../../engine/collection/verify.js';
import { drawPicture } from '../../support/pictures.js';
import { addSecondModel, openTestEngine, type TestEngine } from '../../support/engine.js';

const PICTURES = 12;
let test: TestEngine;
let second: string;
const collection = () => test.engine.get('default');

beforeEach(async () => {
  test = await openTestEngine();
  second = await addSecondModel(test.dataDir);
  for (let seed = 0; seed < PICTURES; seed++) {
    await collection().put({ id: `p${seed}`, bytes: await drawPicture(seed), metadata: { seed } });
  }
});
afterEach(() => test.close());

const code = (name: string) => expect.objectContaining({ code: name }) as Error;

async function expectFound(seed: number): Promise<void> {
  const { sequence } = await collection().info();
  const query = { kind: 'image' as const, bytes: await drawPicture(seed) };
  const { hits } = await collection().search({ queries: [query], k: 1, minSequence: sequence });
  expect(hits[0]!.record).toMatchObject({ id: `p${seed}`, metadata: { seed } });
  expect(hits[0]!.score).toBeCloseTo(1, 5);
}

describe('reembed', () => {
  it('describes everything with another model and takes over writes that come meanwhile', async () => {
    const before = await collection().info();
    const running = reembed(collection(), { model: second });
    await collection().delete('p0');
    await collection().put({ id: 'p20', bytes: await drawPicture(20), metadata: { seed: 20 } });
    await collection().patchMetadata('p3', { late: true });
    const report = await running;
    const after = await collection().info();
    expect(report).toMatchObject({ from: before.fingerprint, to: after.fingerprint, images: PICTURES, dropped: [] });
    expect(after).toMatchObject({ model: 'second', dimension: 512, images: PICTURES });
    expect(after.sequence).toBeGreaterThan(before.sequence);
    expect((await collection().get('p3')).metadata).toEqual({ seed: 3, late: true });
    await expect(collection().get('p0')).rejects.toThrow(code('image_not_found'));
    await expectFound(20);
    await expectFound(5);
    expect(await readdir(join(test.dataDir, 'collections/default/epochs'))).toEqual(['2']);
    expect(await verifyCollection(collection(), { repair: false })).toEqual([]);
  });

  it('is still there after a start, with created times kept', async () => {
    const { createdAt } = await collection().get('p1');
    await reembed(collection(), { model: second });
    await test.reopen();
    expect((await collection().info()).model).toBe('second');
    expect((await collection().get('p1')).createdAt).toBe(createdAt);
    await expectFound(7);
  });

  it('goes on where an interrupted run was', async () => {
    const stop = new AbortController();
    const interrupted = reembed(collection(), {
      model: second,
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 5) stop.abort(new Error('stopped'));
      },
    });
    await expect(interrupted).rejects.toThrow('stopped');
    expect((await collection().info()).model).toBe('first');
    await test.reopen();
    await collection().delete('p2');
    const report = await reembed(collection(), { model: second });
    expect(report.images).toBe(PICTURES - 1);
    await expect(collection().get('p2')).rejects.toThrow(code('image_not_found'));
    await expectFound(1);
  });

  it('refuses to lose images whose original is gone, unless told to drop them', async () => {
    const path = join(test.dataDir, 'gone.jpg');
    const bytes = await drawPicture(50);
    await writeFile(path, bytes);
    await collection().put({ id: 'gone', bytes, source: { kind: 'file', path, mtimeMs: 0 } });
    await rm(path);
    await expect(reembed(collection(), { model: second })).rejects.toThrow(code('original_not_available'));
    expect((await collection().info()).model).toBe('first');
    const report = await reembed(collection(), { model: second, dropUnavailable: true });
    expect(report.dropped.map(({ id }) => id)).toEqual(['gone']);
    expect((await collection().info()).images).toBe(PICTURES);
  });

  it('has nothing to do for the model that is in use', async () => {
    const { fingerprint } = await collection().info();
    expect(await reembed(collection(), { model: 'first' })).toEqual({
      from: fingerprint,
      to: fingerprint,
      images: PICTURES,
      dropped: [],
    });
  });
});

describe('verifyCollection', () => {
  it('finds originals that are gone, and nothing else', async () => {
    const folder = join(test.dataDir, 'collections/default/originals');
    const { contentHash } = await collection().get('p4');
    await rm(join(folder, contentHash.slice(0, 2), contentHash.slice(2, 4), contentHash));
    const faults = await verifyCollection(collection(), { repair: true });
    expect(faults).toMatchObject([{ part: 'original', repaired: false }]);
    expect(faults[0]!.problem).toContain('p4');
  });
});
