import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import type { Feedback } from '../../../engine/store/query-log.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { dot, near, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

let test: TestEngine;
let collection: Collection;
let target: Float32Array;

beforeAll(async () => {
  test = await openTestEngine();
  collection = test.engine.get('default');
  const random = seededRandom(3);
  target = randomUnit(collection.epoch.model.manifest.dimension, random);
  for (let i = 0; i < 12; i++) {
    await putVector(collection, `p${i}`, near(target, 0.2 + 0.1 * i, random), { even: i % 2 === 0 });
  }
});
afterAll(() => test.close());

const fingerprint = () => collection.epoch.model.fingerprint;
const byVector = (more = {}) =>
  collection.search({ queries: [{ kind: 'descriptor', vector: target, fingerprint: fingerprint() }], k: 3, ...more });
const storedFeedback = async () => {
  const all: Feedback[] = [];
  for await (const feedback of collection.queries.feedback()) all.push(feedback);
  return all;
};
const ids = ({ hits }: Awaited<ReturnType<Collection['search']>>) => hits.map(({ record }) => record.id);

describe('a logged search', () => {
  it('is answered again from its id, with its options, and page by page', async () => {
    const first = await byVector({ filter: { even: true } });
    const again = await collection.searchAgain(first.queryId!, {});
    expect(again.hits).toEqual(first.hits);
    expect(again.queries).toEqual(first.queries);
    expect(again.queryId).toBe(first.queryId);
    const all = await byVector({ filter: { even: true }, k: 6 });
    expect(ids(await collection.searchAgain(first.queryId!, { offset: 3 }))).toEqual(ids(all).slice(3));
    expect(ids(await collection.searchAgain(first.queryId!, { k: 5 }))).toEqual(ids(all).slice(0, 5));
  });

  it('still leaves the image out that it was asked by, and sees what was added since', async () => {
    const first = await collection.search({ queries: [{ kind: 'id', id: 'p0' }], k: 2 });
    const { vector } = await collection.epoch.store.descriptorOf('p0');
    const minSequence = await putVector(collection, 'newest', near(vector, 0.01, seededRandom(9)));
    await byVector({ minSequence });
    const again = await collection.searchAgain(first.queryId!, {});
    expect(ids(again)).toEqual(['newest', ids(first)[0]]);
    expect(again.queries).toEqual(first.queries);
    await collection.delete('newest');
  });

  it('keeps the weights of its examples, and leaves those out that are stored', async () => {
    const queries = [
      { kind: 'id' as const, id: 'p0', weight: 2 },
      { kind: 'id' as const, id: 'p11', weight: -0.5 },
    ];
    const first = await collection.search({ queries, k: 20 });
    const [wanted, unwanted] = await Promise.all(
      ['p0', 'p11'].map((id) => collection.epoch.store.descriptorOf(id).then(({ vector }) => vector)),
    );
    const combined = toUnit(wanted!.map((value, i) => 2 * value - 0.5 * unwanted![i]!));
    expect(first.hits).toHaveLength(10);
    for (const { record, score } of first.hits) {
      expect(['p0', 'p11']).not.toContain(record.id);
      const { vector } = await collection.epoch.store.descriptorOf(record.id);
      expect(score).toBeCloseTo(dot(combined, vector), 5);
    }
    expect(first.queries).toMatchObject(queries);
    const again = await collection.searchAgain(first.queryId!, {});
    expect(again.hits).toEqual(first.hits);
    expect(again.queries).toMatchObject(queries);
  });

  it('is searched by otherwise: with another filter, beside more, and as a counter-example', async () => {
    const asked = { kind: 'descriptor' as const, vector: target, fingerprint: fingerprint() };
    const first = await collection.search({ queries: [{ kind: 'id', id: 'p0' }, asked], k: 3, filter: { even: true } });
    const past = { kind: 'query' as const, queryId: first.queryId! };
    const all = await collection.search({ queries: [{ kind: 'id', id: 'p0' }, asked], k: 12 });
    const otherwise = await collection.search({ queries: [past], k: 12 });
    expect(otherwise.hits).toEqual(all.hits);
    expect(otherwise.queries).toEqual(first.queries);
    expect((await collection.searchAgain(otherwise.queryId!, {})).hits).toEqual(all.hits);
    const other = { kind: 'id' as const, id: 'p11', weight: 2 };
    const without = await collection.search({ queries: [other, { ...past, weight: -0.5 }], k: 12 });
    expect(without.queries.map(({ weight }) => weight)).toEqual([2, -0.5, -0.5]);
    expect(ids(without)).not.toContain('p0');
  });

  it('is refused among too many, under an unknown id, and by another model', async () => {
    const asked = Array.from({ length: 9 }, (_, i) => ({ kind: 'id' as const, id: `p${i}` }));
    const { queryId = '' } = await collection.search({ queries: asked, k: 1 });
    const by = (...queryIds: string[]) =>
      collection.search({ queries: queryIds.map((id) => ({ kind: 'query' as const, queryId: id })), k: 1 });
    await expect(by(queryId, queryId)).rejects.toEqual(code('invalid_request'));
    await expect(by(UNKNOWN)).rejects.toEqual(code('query_not_found'));
    const part = { vector: target, facts: { kind: 'descriptor' } };
    await expect(by(collection.queries.note('f'.repeat(32), [part], { k: 1 })!)).rejects.toEqual(
      code('fingerprint_mismatch'),
    );
  });

  it('takes feedback on images that were shown, and keeps it over a restart', async () => {
    const { queryId } = await byVector();
    const stored = await collection.addFeedback({ queryId: queryId!, shown: ['p0', 'p1', 'p2'], clicked: ['p1'] });
    expect(Date.parse(stored.createdAt)).toBeGreaterThan(0);
    collection = (await test.reopen()).get('default');
    const kept = await storedFeedback();
    expect(kept).toMatchObject([{ id: stored.id, queryId, shown: ['p0', 'p1', 'p2'], clicked: ['p1'] }]);
    expect(kept[0]!.parts[0]!.vector).toEqual(target);
    expect((await collection.searchAgain(queryId!, {})).hits).toHaveLength(3);
  });

  it('refuses feedback that cannot be, and stores nothing of it', async () => {
    const { queryId = '' } = await byVector();
    const give = (shown: string[], clicked: string[], id = queryId) =>
      collection.addFeedback({ queryId: id, shown, clicked });
    await expect(give(['p0'], ['p1'])).rejects.toEqual(code('invalid_request'));
    await expect(give(['p0', 'p0'], [])).rejects.toEqual(code('invalid_request'));
    await expect(give(['p0', 'nobody'], ['p0'])).rejects.toEqual(code('image_not_found'));
    await expect(give(['p0'], [], UNKNOWN)).rejects.toEqual(code('query_not_found'));
    expect(await storedFeedback()).toHaveLength(1);
  });

  it('is refused under an unknown id, and when the collection has another model since', async () => {
    await expect(collection.searchAgain(UNKNOWN, {})).rejects.toEqual(code('query_not_found'));
    const part = { vector: target, facts: { kind: 'descriptor' } };
    const queryId = collection.queries.note('f'.repeat(32), [part], { k: 1 })!;
    await expect(collection.searchAgain(queryId, {})).rejects.toEqual(code('fingerprint_mismatch'));
  });

  it('goes on when the log is damaged: the file is put aside, and told of', async () => {
    const { queryId = '' } = await byVector();
    const file = collection.paths.queries;
    await test.engine.close();
    writeFileSync(file, Buffer.alloc(statSync(file).size, 1));
    collection = (await test.reopen()).get('default');
    const answer = await byVector();
    expect(answer.hits).toHaveLength(3);
    await expect(collection.searchAgain(queryId, {})).rejects.toEqual(code('query_not_found'));
    expect((await collection.searchAgain(answer.queryId!, {})).hits).toHaveLength(3);
    expect(test.events.map(({ event }) => event)).toContain('query-log-replaced');
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('queries.sqlite.damaged-'))).toHaveLength(1);
  });
});

describe('without a query log', () => {
  it('answers carry no id, and no file is made', async () => {
    const off = await openTestEngine({ queryRetentionHours: 0 });
    const empty = off.engine.get('default');
    const answer = await empty.search({
      queries: [{ kind: 'descriptor', vector: target, fingerprint: fingerprint() }],
      k: 1,
    });
    expect(answer).not.toHaveProperty('queryId');
    await expect(empty.searchAgain(UNKNOWN, {})).rejects.toEqual(code('query_not_found'));
    expect(readdirSync(empty.paths.root)).not.toContain('queries.sqlite');
    await off.close();
  });
});
