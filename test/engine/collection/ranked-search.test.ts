import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import { rankingSchema } from '../../../engine/ranking/ranking-stage.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { dot, near, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const random = seededRandom(11);
const vectors = new Map<string, Float32Array>();
const query = randomUnit(256, random);
let test: TestEngine;
let plain: Collection;
let ranked: Collection;

beforeAll(async () => {
  test = await openTestEngine();
  plain = await test.engine.create('plain');
  ranked = await test.engine.create('ranked', { ranking: rankingSchema.parse([{ stage: 'average-qe', n: 2 }]) });
  for (let i = 0; i < 60; i++) {
    const id = `v${String(i).padStart(2, '0')}`;
    const vector = near(query, 1, random);
    vectors.set(id, vector);
    for (const collection of [plain, ranked])
      await collection.epoch.index.reach(await putVector(collection, id, vector, { shop: i % 5 }), 20_000);
  }
});
afterAll(() => test.close());

async function search(collection: Collection, more: object = {}) {
  const { fingerprint } = collection.epoch.model;
  const queries = [{ kind: 'descriptor' as const, vector: query, fingerprint }];
  const answer = await collection.search({ queries, k: 10, ...more });
  return { ...answer, ids: answer.hits.map(({ record }) => record.id) };
}

const exactOrder = (vector: Float32Array) =>
  [...vectors.keys()].sort((a, b) => dot(vector, vectors.get(b)!) - dot(vector, vectors.get(a)!));

describe('a search with a ranking', () => {
  it('asks again with the expanded query, as its collection is set', async () => {
    const nearest = exactOrder(query).slice(0, 2);
    const expanded = toUnit(
      query.map((value, i) => value + nearest.reduce((sum, id) => sum + vectors.get(id)![i]!, 0)),
    );
    const { ids, hits, timings } = await search(ranked);
    expect(ids).toEqual(exactOrder(expanded).slice(0, 10));
    expect(ids).not.toEqual((await search(plain)).ids);
    for (const { record, score, rankScore } of hits) {
      expect(score).toBeCloseTo(dot(query, vectors.get(record.id)!), 5);
      expect(rankScore).toBeCloseTo(dot(expanded, vectors.get(record.id)!), 5);
    }
    expect(Object.keys(timings)).toEqual(['search', 'average-qe']);
  });

  it('does as the request says instead, also nothing', async () => {
    const [unranked, asked] = [await search(ranked, { ranking: [] }), await search(plain)];
    expect(unranked.ids).toEqual(asked.ids);
    expect(unranked.hits.map(({ score }) => score)).toEqual(asked.hits.map(({ score }) => score));
    expect(unranked.hits.some((hit) => 'rankScore' in hit)).toBe(false);
    const { ids, hits } = await search(ranked, { ranking: rankingSchema.parse([{ stage: 'group', field: 'shop' }]) });
    expect(ids).toHaveLength(5);
    expect(new Set(hits.map(({ record }) => record.metadata['shop'])).size).toBe(5);
  });

  it('re-ranks in its thread; pages fit together and minScore tests the score', async () => {
    const ranking = rankingSchema.parse([{ stage: 'alpha-qe' }, { stage: 'mmr', topN: 30, lambda: 0.3 }]);
    const whole = await search(plain, { ranking, k: 40 });
    expect(whole.ids).toHaveLength(40);
    expect(whole.ids).not.toEqual((await search(plain, { k: 40 })).ids);
    const pages = [await search(plain, { ranking, k: 15 }), await search(plain, { ranking, k: 25, offset: 15 })];
    expect(pages.flatMap(({ ids }) => ids)).toEqual(whole.ids);
    const minScore = whole.hits[5]!.score;
    const kept = whole.hits.filter(({ score }) => score >= minScore).map(({ record }) => record.id);
    expect((await search(plain, { ranking, k: 40, minScore })).ids).toEqual(kept);
  });

  it.each(['k-reciprocal', 'diffusion'])('compares neighbourhoods in that thread (%s)', async (stage) => {
    const ranking = rankingSchema.parse([{ stage, topN: 30 }]);
    const { ids, hits, timings } = await search(plain, { ranking, k: 30 });
    expect([...ids].sort()).toEqual([...(await search(plain, { k: 30 })).ids].sort());
    const rankScores = hits.map(({ rankScore }) => rankScore!);
    expect(rankScores).toEqual([...rankScores].sort((a, b) => b - a));
    expect(Object.keys(timings)).toEqual(['search', stage]);
  });

  it('shows one of those that look the same: one descriptor, or hashes that differ in at most 4 bits', async () => {
    const collection = await test.engine.create('look-alikes');
    const { fingerprint } = collection.epoch.model;
    const put = async (id: string, descriptor: Float32Array, hash?: string) => {
      const facts = { contentHash: Buffer.from(id).toString('hex').padEnd(64, '0'), width: 8, height: 8, bytes: 9 };
      const plain = { id, ...facts, format: 'png', metadata: {}, source: { kind: 'upload' as const }, descriptor };
      const write = hash === undefined ? plain : { ...plain, perceptualHash: hash };
      await collection.epoch.index.reach((await collection.putDescribed(write, fingerprint)).sequence, 20_000);
    };
    const twin = near(query, 0.1, random);
    await put('best', near(query, 0.05, random), '00000000ffffffff');
    await put('four-bits', twin, '0000000fffffffff');
    await put('five-bits', near(query, 0.2, random), '0000001fffffffff');
    await put('twin-a', near(query, 0.5, random));
    await put('twin-b', near(query, 0.5, seededRandom(1)));
    await put('twin-c', near(query, 0.5, seededRandom(1)));
    const by = async (limit: number) =>
      (await search(collection, { ranking: rankingSchema.parse([{ stage: 'group', by: 'duplicates', limit }]) })).ids;
    const all = (await search(collection)).ids;
    expect(all.slice(0, 3)).toEqual(['best', 'four-bits', 'five-bits']);
    expect(await by(1)).toEqual(all.filter((id) => id !== 'four-bits' && id !== 'twin-c'));
    expect(await by(2)).toEqual(all);
  });

  it('keeps its ranking over a restart', async () => {
    const before = await search(ranked);
    const engine = await test.reopen();
    [plain, ranked] = [engine.get('plain'), engine.get('ranked')];
    expect((await ranked.info()).ranking).toEqual([{ stage: 'average-qe', n: 2, floor: 0 }]);
    expect((await search(ranked)).ids).toEqual(before.ids);
  });
});
