import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { trainCategoryHead } from '../../../engine/collection/train-head.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { near, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const KINDS = ['boot', 'sandal', 'sneaker'];
const random = seededRandom(21);
const centres = KINDS.map(() => randomUnit(256, random));
const invalid = expect.objectContaining({ code: 'invalid_request' }) as Error;

let test: TestEngine;
let shop: Collection;
let plain: Collection;

beforeAll(async () => {
  test = await openTestEngine();
  shop = await test.engine.create('shop', { categoryField: 'kind' });
  plain = await test.engine.create('plain');
  for (let i = 0; i < 120; i++) {
    const kind = i % KINDS.length;
    const vector = near(centres[kind]!, 1, random);
    const metadata = { kind: KINDS[kind]!, even: i % 2 === 0 };
    for (const collection of [shop, plain])
      await collection.epoch.index.reach(await putVector(collection, `p${i}`, vector, metadata), 20_000);
  }
  await shop.epoch.index.reach(await putVector(shop, 'unnamed', near(centres[0]!, 0.1, random)), 20_000);
});
afterAll(() => test.close());

const search = (collection: Collection, vector: Float32Array, more: object = {}) =>
  collection.search({
    queries: [{ kind: 'descriptor', vector, fingerprint: collection.epoch.model.fingerprint }],
    k: 10,
    ...more,
  });
const kindsOf = ({ hits }: Awaited<ReturnType<Collection['search']>>) =>
  new Set(hits.map(({ record }) => record.metadata['kind']));
/** Lies between two kinds. */
const between = () => toUnit(centres[0]!.map((value, i) => value + 0.999 * centres[1]![i]!));

describe('a search of a collection with a category field', () => {
  it('says which category the neighbours vote for', async () => {
    const { category, timings } = await search(shop, centres[1]!);
    expect(category).toMatchObject({ field: 'kind', by: 'vote' });
    expect(category!.predicted[0]!.label).toBe('sandal');
    expect(category!.predicted[0]!.probability).toBeGreaterThan(0.9);
    expect(category).not.toHaveProperty('within');
    expect(Object.keys(timings)).toEqual(['category', 'search']);
  });

  it('leaves the image out of its own vote', async () => {
    await shop.epoch.index.reach(
      await putVector(shop, 'odd', near(centres[2]!, 0.01, random), { kind: 'odd' }),
      20_000,
    );
    const answer = await shop.search({ queries: [{ kind: 'id', id: 'odd' }], k: 1, category: { neighbours: 5 } });
    expect(answer.category!.predicted.map(({ label }) => label)).toEqual(['sneaker']);
    await shop.delete('odd');
  });

  it('keeps within the predicted category, and within the filter', async () => {
    const query = toUnit(centres[0]!.map((value, i) => value + 0.8 * centres[1]![i]!));
    expect(kindsOf(await search(shop, query, { k: 60 })).size).toBeGreaterThan(1);
    const within = await search(shop, query, { k: 60, within: 'predicted' });
    expect(within.category!.within!.labels).toEqual(['boot']);
    expect(kindsOf(within)).toEqual(new Set(['boot']));
    expect(within.hits).toHaveLength(40);
    const filtered = await search(shop, query, { k: 60, within: 'predicted', filter: { even: true } });
    expect(filtered.hits).toHaveLength(20);
    expect(filtered.hits.every(({ record }) => record.metadata['even'] === true)).toBe(true);
  });

  it('widens to several labels where no one is likely', async () => {
    // a vote as warm as this counts every neighbour alike
    const category = { neighbours: 120, temperature: 10 };
    const { category: answer } = await search(shop, between(), { within: 'predicted', category });
    expect(answer!.predicted[0]!.probability).toBeLessThan(0.5);
    expect(answer!.within!.labels).toHaveLength(3);
    expect(answer!.within!.probability).toBeCloseTo(1, 5);
  });

  it('asks those who have a label where most of the nearest have none', async () => {
    const { category } = await search(plain, centres[2]!, { category: { field: 'rare' } });
    expect(category).toMatchObject({ field: 'rare', predicted: [] });
    await plain.epoch.index.reach((await plain.patchMetadata('p0', { rare: 7 })).sequence, 20_000);
    const found = await search(plain, centres[2]!, { category: { field: 'rare' }, within: 'predicted' });
    expect(found.category!.predicted).toEqual([{ label: 7, probability: 1 }]);
    expect(found.hits.map(({ record }) => record.id)).toEqual(['p0']);
  });

  it('says nothing where nobody asks, and refuses what cannot be', async () => {
    expect(await search(plain, centres[0]!)).not.toHaveProperty('category');
    expect(await search(shop, centres[0]!, { category: false })).not.toHaveProperty('category');
    await expect(search(plain, centres[0]!, { category: true })).rejects.toEqual(invalid);
    await expect(search(plain, centres[0]!, { within: 'predicted' })).rejects.toEqual(invalid);
    await expect(search(shop, centres[0]!, { category: false, within: 'predicted' })).rejects.toEqual(invalid);
    await expect(search(shop, centres[0]!, { category: { by: 'head' } })).rejects.toEqual(invalid);
  });

  it('can be asked again with the same categories', async () => {
    const first = await search(shop, between(), { within: 'predicted' });
    const again = await shop.searchAgain(first.queryId!, {});
    expect(again.category).toEqual(first.category);
    expect(again.hits).toEqual(first.hits);
  });
});

describe('a category head', () => {
  it('is trained by a job on what has a label, told of, and used beside the vote', async () => {
    const job = shop.startTrainHead({});
    await expect.poll(() => shop.jobs.get(job.id).state, { timeout: 20_000 }).toBe('done');
    expect(shop.jobs.get(job.id)).toMatchObject({ kind: 'train-head', done: 100, total: 100 });
    const { head, field } = await shop.categories();
    expect(field).toBe('kind');
    expect(head).toMatchObject({ field: 'kind', images: 120, examples: 120 });
    expect(head!.labels).toEqual(KINDS.map((label) => ({ label, images: 40 })));
    expect(head!.heldOut).toBeGreaterThanOrEqual(20);
    expect(head!.measured!.head.accuracy).toBeGreaterThan(0.9);
    expect(head!.measured!.head.calibrationError).toBeLessThan(0.2);
    for (const by of ['vote', 'head', 'fused'] as const) {
      const { category } = await search(shop, centres[2]!, { category: { by } });
      expect(category).toMatchObject({ by, predicted: [{ label: 'sneaker' }, {}, {}] });
      expect(category!.predicted.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    }
    expect((await search(shop, centres[2]!)).category!.by).toBe('fused');
  });

  it('is kept over a restart, and forgotten where it is damaged', async () => {
    const before = (await search(shop, between())).category;
    shop = (await test.reopen()).get('shop');
    plain = test.engine.get('plain');
    expect((await search(shop, between())).category).toEqual(before);
    writeFileSync(join(shop.paths.learned(1), 'category-head.json'), '{"sha256":"0","value":"{}"}');
    shop = (await test.reopen()).get('shop');
    plain = test.engine.get('plain');
    expect((await search(shop, between())).category!.by).toBe('vote');
    expect(test.events.map(({ event }) => event)).toContain('learned-file-damaged');
  });

  it('says of a field that the collection does not name, and serves it when asked', async () => {
    const report = await trainCategoryHead(plain, { field: 'even', balanced: true, seed: 3 });
    expect(report).toMatchObject({ field: 'even', settings: { balanced: true, seed: 3, heldOut: 0.2 } });
    expect(await search(plain, centres[0]!)).not.toHaveProperty('category');
    expect((await search(plain, centres[0]!, { category: true })).category).toMatchObject({
      field: 'even',
      by: 'fused',
    });
  });

  it('is not trained without a field, or where fewer than two labels are', async () => {
    await expect(trainCategoryHead(plain, {})).rejects.toEqual(invalid);
    await expect(trainCategoryHead(plain, { field: 'nothing' })).rejects.toEqual(invalid);
    await expect(trainCategoryHead(plain, { field: 'rare' })).rejects.toEqual(invalid);
  });
});
