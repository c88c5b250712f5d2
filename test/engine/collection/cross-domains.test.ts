import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { learnDomains } from '../../../engine/collection/learn-domains.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { dot, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const random = seededRandom(31);
const things = Array.from({ length: 20 }, () => randomUnit(256, random));
const [street, shop] = [randomUnit(256, random), randomUnit(256, random)];
const invalid = expect.objectContaining({ code: 'invalid_request' }) as Error;
/** A thing as it looks in a domain. */
const seen = (thing: Float32Array, domain: Float32Array) => toUnit(thing.map((value, i) => value + 0.8 * domain[i]!));

let test: TestEngine;
let collection: Collection;

beforeAll(async () => {
  test = await openTestEngine();
  collection = await test.engine.create('fashion', { domainField: 'domain' });
  for (const [i, thing] of things.entries()) {
    await putVector(collection, `street-${i}`, seen(thing, street), { domain: 'street', even: i % 2 === 0 });
    const last = await putVector(collection, `shop-${i}`, seen(thing, shop), { domain: 'shop', even: i % 2 === 0 });
    await collection.epoch.index.reach(last, 20_000);
  }
});
afterAll(() => test.close());

const across = { from: 'street', to: 'shop', removeMean: true };
const byStreet3 = (more: object = {}) =>
  collection.search({ queries: [{ kind: 'id', id: 'street-3' }], k: 10, ...more });

describe('a search across domains', () => {
  it('finds images of the other domain only, without means while none are learned', async () => {
    const answer = await byStreet3({ across });
    expect(answer.across).toEqual({ field: 'domain', from: 'street', to: 'shop', meanRemoved: false });
    expect(answer.hits.map(({ record }) => record.metadata['domain'])).toEqual(
      Array.from({ length: 10 }, () => 'shop'),
    );
    expect(answer.hits[0]!.record.id).toBe('shop-3');
    expect(answer.hits[0]!.score).toBeCloseTo(dot(seen(things[3]!, street), seen(things[3]!, shop)), 4);
  });

  it('takes the mean of its own domain off the query once it is learned', async () => {
    const job = collection.startLearnDomains({});
    await expect.poll(() => collection.jobs.get(job.id).state, { timeout: 20_000 }).toBe('done');
    const { domainField, domains } = await collection.categories();
    expect(domainField).toBe('domain');
    expect(domains).toMatchObject({
      field: 'domain',
      domains: [
        { domain: 'street', images: 20 },
        { domain: 'shop', images: 20 },
      ],
    });
    const mean = Float32Array.from(street, (_, i) => things.reduce((sum, it) => sum + seen(it, street)[i]!, 0) / 20);
    const moved = toUnit(seen(things[3]!, street).map((value, i) => value - mean[i]!));
    const answer = await byStreet3({ across, filter: { even: false } });
    expect(answer.across?.meanRemoved).toBe(true);
    expect(answer.hits).toHaveLength(10);
    expect(answer.hits[0]!.record.id).toBe('shop-3');
    const found = seen(things[3]!, shop);
    expect(answer.hits[0]!.score).toBeCloseTo(dot(seen(things[3]!, street), found), 4);
    expect(answer.hits[0]!.rankScore).toBeCloseTo(dot(moved, found), 4);
    const rankScores = answer.hits.map(({ rankScore }) => rankScore!);
    expect(rankScores).toEqual([...rankScores].sort((a, b) => b - a));
    const plain = await byStreet3({ across: { ...across, removeMean: false } });
    expect(plain.across?.meanRemoved).toBe(false);
    expect(plain.hits[0]).not.toHaveProperty('rankScore');
    expect((await byStreet3({ across: { ...across, from: 'nowhere' } })).across?.meanRemoved).toBe(false);
  });

  it('goes with words: scores stay cosines with the query as it was asked', async () => {
    const titled = await test.engine.create('titled', { domainField: 'domain', textFields: ['title'] });
    for (const [i, thing] of things.slice(0, 4).entries()) {
      await putVector(titled, `street-${i}`, seen(thing, street), { domain: 'street' });
      const metadata = { domain: 'shop', title: i === 2 ? 'red boot' : 'blue hat' };
      await titled.epoch.index.reach(await putVector(titled, `shop-${i}`, seen(thing, shop), metadata), 20_000);
    }
    await learnDomains(titled, {});
    const answer = await titled.search({ queries: [{ kind: 'id', id: 'street-1' }], k: 4, across, text: 'boot' });
    expect(answer.hits.map(({ record }) => record.id)).toContain('shop-2');
    for (const { record, score } of answer.hits) {
      const thing = things[Number(record.id.split('-')[1])]!;
      expect(score).toBeCloseTo(dot(seen(things[1]!, street), seen(thing, shop)), 4);
    }
    await expect(titled.search({ queries: [], k: 1, across, text: 'boot' })).rejects.toEqual(invalid);
  });

  it('is answered again as it was', async () => {
    const first = await byStreet3({ across });
    expect((await collection.searchAgain(first.queryId!, {})).hits).toEqual(first.hits);
  });

  it('needs a field, and a field needs domains', async () => {
    const other = await test.engine.create('plain');
    const queries = [{ kind: 'descriptor' as const, vector: street, fingerprint: other.epoch.model.fingerprint }];
    await expect(other.search({ queries, k: 1, across })).rejects.toEqual(invalid);
    expect((await other.search({ queries, k: 1, across: { ...across, field: 'where' } })).hits).toEqual([]);
    await expect(learnDomains(other, {})).rejects.toEqual(invalid);
    await expect(learnDomains(other, { field: 'where' })).rejects.toEqual(invalid);
  });
});
