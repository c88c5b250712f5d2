import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { reembed } from '../../../engine/collection/reembed.js';
import { verifyCollection } from '../../../engine/collection/verify.js';
import type { ImageRegion } from '../../../engine/store/store.js';
import { addSecondModel, openTestEngine, type TestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';
import { thrownBy } from '../model/fixtures.js';

let test: TestEngine;
let collection: Collection;

beforeEach(async () => {
  test = await openTestEngine();
  collection = await test.engine.create('parts', { regions: { subjects: true, rmac: 2 } });
});
afterEach(() => test.close());

/** A square picture of four others, two by two. */
async function fourParts(seeds: number[]): Promise<Buffer> {
  const parts = await Promise.all(seeds.map((seed) => drawPicture(seed, { width: 160, height: 160 })));
  const places = [
    [0, 0],
    [160, 0],
    [0, 160],
    [160, 160],
  ] as const;
  const ground = { create: { width: 320, height: 320, channels: 3 as const, background: '#fff' } };
  const layers = parts.map((input, i) => ({ input, left: places[i]![0], top: places[i]![1] }));
  return sharp(ground).composite(layers).png().toBuffer();
}

async function regionsOf(of: Collection, id: string): Promise<ImageRegion[]> {
  return (await of.epoch.store.regionsOf([await of.get(id)]))[0]!;
}

async function findPart(of: Collection, seed: number) {
  const { sequence } = await of.info();
  const bytes = await drawPicture(seed, { width: 160, height: 160 });
  const { hits } = await of.search({ queries: [{ kind: 'image', bytes }], k: 3, minSequence: sequence });
  return hits.map(({ record, box, verdict }) => ({ id: record.id, box, verdict }));
}

describe('a collection with regions', { timeout: 60_000 }, () => {
  it('finds pictures by their parts, and tells the part', async () => {
    await collection.put({ id: 'first', bytes: await fourParts([1, 2, 3, 4]) });
    await collection.put({ id: 'second', bytes: await fourParts([5, 6, 7, 8]) });
    expect((await collection.info()).regions).toEqual({ subjects: true, rmac: 2 });
    // the second level of the grid: four squares of two thirds of the side
    const side = 213;
    const boxes = (await regionsOf(collection, 'first')).map(({ box }) => box);
    expect(boxes).toEqual(
      expect.arrayContaining([
        { x: 0, y: 0, width: side, height: side },
        { x: 107, y: 107, width: side, height: side },
      ]),
    );
    for (const [seed, id] of [
      [1, 'first'],
      [8, 'second'],
    ] as const) {
      const hits = await findPart(collection, seed);
      expect(hits.map((hit) => hit.id).sort()).toEqual(['first', 'second']);
      expect(hits[0]!.id).toBe(id);
      expect(hits[0]!.box).toBeDefined();
      // of a picture and a part of another there is no verdict
      expect(hits[0]!.verdict).toBeUndefined();
    }
  });

  it('uses the stored parts of known bytes again, and drops them with the last image', async () => {
    const bytes = await fourParts([1, 2, 3, 4]);
    expect((await collection.put({ id: 'a', bytes })).reused).toBe(false);
    const { nodes } = await collection.info();
    expect((await collection.put({ id: 'b', bytes })).reused).toBe(true);
    expect(await regionsOf(collection, 'b')).toEqual(await regionsOf(collection, 'a'));
    expect((await collection.put({ id: 'a', bytes })).outcome).toBe('unchanged');
    expect(await collection.info()).toMatchObject({ images: 2, nodes });
    await collection.delete('a');
    expect((await collection.info()).nodes).toBe(nodes);
    await collection.delete('b');
    expect((await collection.info()).nodes).toBe(0);
    expect(await verifyCollection(collection, { repair: false })).toEqual([]);
  });

  it('goes out and in again bit for bit', async () => {
    await collection.put({ id: 'a', bytes: await fourParts([1, 2, 3, 4]) });
    const other = await test.engine.create('other', { regions: { subjects: true, rmac: 2 } });
    for await (const write of collection.exportImages())
      await other.putDescribed(write, collection.epoch.model.fingerprint);
    expect(await regionsOf(other, 'a')).toEqual(await regionsOf(collection, 'a'));
    expect(await verifyCollection(other, { repair: false })).toMatchObject([{ part: 'original' }]);
    const [region] = await regionsOf(other, 'a');
    const wrong = { ...region!, box: { x: 300, y: 0, width: 21, height: 10 } };
    for await (const write of collection.exportImages()) {
      const error = await thrownBy(() =>
        other.putDescribed({ ...write, regions: [wrong] }, collection.epoch.model.fingerprint),
      );
      expect(error.code).toBe('invalid_region');
    }
  });

  it('describes the parts of what was imported without them, when its bytes come', async () => {
    const bytes = await fourParts([1, 2, 3, 4]);
    await collection.put({ id: 'a', bytes });
    const regions = await regionsOf(collection, 'a');
    for await (const { regions: _, ...write } of collection.exportImages())
      await collection.putDescribed(write, collection.epoch.model.fingerprint);
    expect(await regionsOf(collection, 'a')).toEqual([]);
    expect(await collection.put({ id: 'a', bytes })).toMatchObject({ outcome: 'replaced', reused: false });
    expect(await regionsOf(collection, 'a')).toEqual(regions);
  });

  it('has its parts described anew with another model', async () => {
    const second = await addSecondModel(test.dataDir);
    await collection.put({ id: 'first', bytes: await fourParts([1, 2, 3, 4]) });
    await collection.put({ id: 'second', bytes: await fourParts([5, 6, 7, 8]) });
    await reembed(collection, { model: second });
    expect(await collection.info()).toMatchObject({ dimension: 512, regions: { subjects: true, rmac: 2 } });
    const regions = await regionsOf(collection, 'first');
    expect(regions.length).toBeGreaterThanOrEqual(4);
    expect(regions[0]!.descriptor).toHaveLength(512);
    expect((await findPart(collection, 8))[0]).toMatchObject({ id: 'second', box: expect.any(Object) as object });
    expect(await verifyCollection(collection, { repair: false })).toEqual([]);
  });

  it.each(['lab-histogram', 'hog'])('describes parts without a network too: %s', async (model) => {
    const classical = await test.engine.create(model, { model, regions: { subjects: false, rmac: 2 } });
    await classical.put({ id: 'first', bytes: await fourParts([1, 2, 3, 4]) });
    await classical.put({ id: 'second', bytes: await fourParts([5, 6, 7, 8]) });
    expect((await regionsOf(classical, 'first')).length).toBe(4);
    expect((await findPart(classical, 1))[0]).toMatchObject({ id: 'first', box: { x: 0, y: 0 } });
    const error = await thrownBy(() => test.engine.create('no', { model, regions: { subjects: true, rmac: 0 } }));
    expect([error.code, error.message]).toEqual([
      'invalid_request',
      `regions.subjects: expected a model that is a network, or a detector, to find them; got ${model}`,
    ]);
  });

  it('is one without, unless asked for', async () => {
    const plain = test.engine.get('default');
    await plain.put({ id: 'a', bytes: await fourParts([1, 2, 3, 4]) });
    expect(await plain.info()).toMatchObject({ images: 1, nodes: 1, regions: { subjects: false, rmac: 0 } });
  });
});
