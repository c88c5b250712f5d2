import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { reembed } from '../../../engine/collection/reembed.js';
import { verifyCollection } from '../../../engine/collection/verify.js';
import { addSecondModel, openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';
import { dot, near, randomUnit, seededRandom } from '../../support/vectors.js';

const random = seededRandom(11);
const query = randomUnit(256, random);
const vectors = new Map<string, Float32Array>();
let test: TestEngine;
let shop: Collection;

beforeAll(async () => {
  test = await openTestEngine();
  shop = await test.engine.create('shop', { textFields: ['title'] });
  let last = 0;
  const put = async (id: string, vector: Float32Array, title: string, price: number) => {
    vectors.set(id, vector);
    last = await putVector(shop, id, vector, { title, price });
  };
  // near images are shoes but one, far ones hats but one
  for (let i = 0; i < 130; i++) await put(`near${i}`, near(query, 0.1 + 0.01 * i, random), 'plain shoe', i);
  await put('red-near', near(query, 1, random), 'red hat', 1);
  await put(
    'red-far',
    query.map((value) => -value),
    'red boot',
    2,
  );
  await shop.epoch.index.reach(last, 20_000);
});
afterAll(() => test.close());

const search = (more: object) =>
  shop.search({
    queries: [{ kind: 'descriptor', vector: query, fingerprint: shop.epoch.model.fingerprint }],
    k: 5,
    ...more,
  });
const ids = ({ hits }: Awaited<ReturnType<typeof search>>) => hits.map(({ record }) => record.id);
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(message) as string }) as Error;

describe('a search by text alone', () => {
  it('ranks by the text, pages, and says that nothing was compared', async () => {
    const answer = await search({ queries: [], text: 'red boot' });
    expect(ids(answer)).toEqual(['red-far', 'red-near']);
    expect(answer).toMatchObject({ plan: 'text', queries: [], belowThreshold: 0 });
    expect(answer.hits[0]).toMatchObject({ score: 0, rankScore: expect.any(Number) as number });
    expect(answer.hits[0]!.rankScore).toBeGreaterThan(answer.hits[1]!.rankScore!);
    expect(Object.keys(answer.timings)).toEqual(['text']);
    expect(ids(await search({ queries: [], text: 'red boot', offset: 1 }))).toEqual(['red-near']);
    expect(ids(await search({ queries: [], text: 'red', filter: { price: 2 } }))).toEqual(['red-far']);
    expect(await search({ queries: [], text: 'giraffe' })).toMatchObject({ plan: 'empty', hits: [] });
  });

  it('is asked again from its id', async () => {
    const first = await search({ queries: [], text: 'red boot', k: 1 });
    expect(ids(await shop.searchAgain(first.queryId!, { offset: 1 }))).toEqual(['red-near']);
    await shop.addFeedback({ queryId: first.queryId!, shown: ['red-far'], clicked: ['red-far'] });
  });

  it.each(['fusion', 'minScore', 'ranking', 'within', 'category'])(
    'refuses %s, which needs a picture',
    async (name) => {
      const values = { fusion: { method: 'rrf' }, minScore: 0, ranking: [], within: 'predicted', category: true };
      const asked = search({ queries: [], text: 'red', [name]: values[name as keyof typeof values] });
      await expect(asked).rejects.toEqual(invalid(new RegExp(`^${name}: expected a picture`)));
    },
  );

  it('needs a text field', async () => {
    const plain = test.engine.get('default');
    await expect(plain.search({ queries: [], text: 'red', k: 1 })).rejects.toEqual(
      invalid(/^expected a collection with/),
    );
    await expect(plain.search({ queries: [], k: 1 })).rejects.toEqual(invalid(/at least one query/));
  });
});

describe('a search by picture and text', () => {
  it('finds by the picture alone where no image has the words', async () => {
    expect(ids(await search({ text: 'giraffe' }))).toEqual(ids(await search({})));
  });

  it('brings up what both find, and keeps the cosine as the score', async () => {
    const answer = await search({ text: 'red', k: 3 });
    expect(ids(answer)[0]).toBe('red-near');
    expect(ids(answer)).toContain('red-far');
    expect(answer.plan).toBe('exact');
    for (const { record, score } of answer.hits) expect(score).toBeCloseTo(dot(query, vectors.get(record.id)!), 5);
    // the first by picture and the first by text alone tie; red-near is the second by text and somewhere by picture
    expect(ids(answer).slice(1)).toEqual(['near0', 'red-far']);
    expect(answer.hits.slice(1).map(({ rankScore }) => rankScore)).toEqual([1 / 61, 1 / 61]);
    expect(answer.hits[0]!.rankScore).toBeGreaterThan(1 / 62);
  });

  it('adds up weighted: none of the text is the order by cosine, all of it that by text', async () => {
    const visual = await search({ k: 4 });
    expect(ids(await search({ text: 'red', fusion: { method: 'weighted', weight: 0 }, k: 4 }))).toEqual(ids(visual));
    const textual = await search({ text: 'red boot', fusion: { method: 'weighted', weight: 1 }, k: 2 });
    expect(ids(textual)).toEqual(['red-far', 'red-near']);
    expect(textual.hits[0]!.rankScore).toBe(1);
  });

  it('keeps the filter for both, and leaves the query out of both', async () => {
    const filtered = await search({ text: 'red', filter: { price: { lt: 2 } } });
    expect(ids(filtered).sort()).toEqual(['near0', 'near1', 'red-near']);
    const byId = await shop.search({ queries: [{ kind: 'id', id: 'red-far' }], text: 'red', k: 200 });
    expect(ids(byId)).not.toContain('red-far');
    expect(ids(byId)).toContain('red-near');
  });

  it('pages without repeating', async () => {
    const [first, second] = [await search({ text: 'red' }), await search({ text: 'red', offset: 5 })];
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(10);
  });

  it('refuses a fusion of one ranking', async () => {
    await expect(search({ fusion: { method: 'rrf' } })).rejects.toEqual(invalid(/^fusion: expected a text/));
  });
});

describe('the texts of a collection', () => {
  it('follow a model to its next, and are mended', async () => {
    const other = await test.engine.create('other', { textFields: ['title'] });
    await other.put({ id: 'a', bytes: await drawPicture(1), metadata: { title: 'crimson lake' } });
    await reembed(other, { model: await addSecondModel(test.dataDir) });
    const found = async () => ids(await other.search({ queries: [], text: 'Crimson', k: 5 }));
    expect(await found()).toEqual(['a']);
    expect((await other.info()).textFields).toEqual(['title']);
    expect(await verifyCollection(other, { repair: true })).toEqual([]);
    const { store } = other.epoch;
    store.textFaults = () => Promise.resolve(['made up']);
    let rebuilt = 0;
    store.rebuildText = () => {
      rebuilt += 1;
      return Promise.resolve();
    };
    const fault = { part: 'text', problem: 'made up' };
    expect(await verifyCollection(other, { repair: false })).toEqual([{ ...fault, repaired: false }]);
    expect(await verifyCollection(other, { repair: true })).toEqual([{ ...fault, repaired: true }]);
    expect(rebuilt).toBe(1);
  });
});
