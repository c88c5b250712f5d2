import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reembed } from '../../../engine/collection/reembed.js';
import { l2Norm } from '../../../engine/descriptor/l2.js';
import { chainRequestSchema } from '../../../engine/model/descriptor-request.js';
import { drawPicture } from '../../support/pictures.js';
import { openTestEngine, type TestEngine } from '../../support/engine.js';

let test: TestEngine;
beforeEach(async () => {
  test = await openTestEngine();
});
afterEach(() => test.close());

const CHAIN = chainRequestSchema.parse([{ stage: 'rmac', levels: 2 }, { stage: 'power' }]);
const SCALES = [1, 0.5];

async function expectFound(name: string, id: string, seed: number): Promise<void> {
  const collection = test.engine.get(name);
  const { sequence } = await collection.info();
  const query = { kind: 'image' as const, bytes: await drawPicture(seed) };
  const { hits } = await collection.search({ queries: [query], k: 1, minSequence: sequence });
  expect(hits[0]).toMatchObject({ record: { id } });
  expect(hits[0]!.score).toBeCloseTo(1, 5);
}

describe('a collection with a chain of its own', () => {
  it('describes by it, has its own fingerprint, and has it again after a restart', async () => {
    const own = await test.engine.get('default').info();
    const shop = await test.engine.create('shop', { chain: CHAIN, scales: SCALES });
    const made = await shop.info();
    expect(made).toMatchObject({ model: 'first', dimension: 512, chain: CHAIN, scales: SCALES });
    expect(made.fingerprint).not.toBe(own.fingerprint);
    for (const seed of [1, 2, 3]) await shop.put({ id: `p${seed}`, bytes: await drawPicture(seed) });
    const { vector } = await shop.describe(await drawPicture(1));
    expect(l2Norm(vector)).toBeCloseTo(1, 5);
    await test.reopen();
    expect(await test.engine.get('shop').info()).toMatchObject({ fingerprint: made.fingerprint, chain: CHAIN });
    await expectFound('shop', 'p2', 2);
  });

  it('is re-embedded with another chain, and with none', async () => {
    const collection = test.engine.get('default');
    const own = await collection.info();
    expect(own).not.toHaveProperty('chain');
    for (const seed of [1, 2, 3]) await collection.put({ id: `p${seed}`, bytes: await drawPicture(seed) });
    const there = await reembed(collection, { model: 'first', chain: CHAIN });
    expect(there).toMatchObject({ from: own.fingerprint, images: 3 });
    expect(await collection.info()).toMatchObject({ chain: CHAIN, dimension: 512 });
    await expectFound('default', 'p3', 3);
    const back = await reembed(collection, { model: 'first' });
    expect(back.to).toBe(own.fingerprint);
    expect(await collection.info()).not.toHaveProperty('chain');
    await expectFound('default', 'p3', 3);
  });

  it('is not made of a chain that does not fit, and nothing is left behind', async () => {
    const wrong = chainRequestSchema.parse([{ stage: 'gem', p: [1, 2, 3] }]);
    await expect(test.engine.create('shop', { chain: wrong })).rejects.toMatchObject({ code: 'invalid_request' });
    await test.engine.create('shop', { chain: CHAIN });
  });
});
