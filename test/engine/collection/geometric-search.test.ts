import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../../engine/collection/collection.js';
import type { QueryPart } from '../../../engine/collection/query.js';
import { rankingSchema } from '../../../engine/ranking/ranking-stage.js';
import { openTestEngine, putVector, type TestEngine } from '../../support/engine.js';
import { texturedPicture } from '../../support/textured.js';
import { randomUnit, seededRandom } from '../../support/vectors.js';

const ranking = rankingSchema.parse([{ stage: 'geometric' }]);
let test: TestEngine;
let collection: Collection;
let query: Buffer;

beforeAll(async () => {
  test = await openTestEngine();
  collection = await test.engine.create('pictures');
  const wanted = await texturedPicture(1);
  query = await sharp(wanted).rotate(20, { background: '#808080' }).jpeg().toBuffer();
  for (const [id, bytes] of [
    ['wanted', wanted],
    ['other', await texturedPicture(2)],
    ['third', await texturedPicture(3)],
  ] as const)
    await collection.put({ id, bytes });
  await collection.epoch.index.reach(await putVector(collection, 'gone', randomUnit(256, seededRandom(1))), 20_000);
});
afterAll(() => test.close());

async function search(queries: QueryPart[], stages = ranking) {
  const answer = await collection.search({ queries, k: 10, ranking: stages });
  return { ...answer, ids: answer.hits.map(({ record }) => record.id) };
}

describe('a search with geometric verification', () => {
  it('puts the picture of the same thing first, and one without its original below', async () => {
    const { hits, timings } = await search([{ kind: 'image', bytes: query }]);
    expect(hits[0]!.record.id).toBe('wanted');
    expect(hits[0]!.rankScore).toBeGreaterThan(8);
    const gone = hits.find(({ record }) => record.id === 'gone')!;
    expect(gone.rankScore).toBeCloseTo(1 / (1 + Math.exp(-gone.score)), 6);
    expect(Object.keys(timings)).toContain('geometric');
  });

  it('asks with a stored image too, and again without its picture', async () => {
    const { ids } = await search([{ kind: 'id', id: 'other' }]);
    expect(ids).toHaveLength(3);
    const first = await search([{ kind: 'image', bytes: query }]);
    const again = await collection.searchAgain(first.queryId!, {});
    expect(again.hits).toEqual(first.hits);
  });

  it('looks at the part of the picture that was asked with', async () => {
    const region = { x: 0, y: 0, width: 40, height: 40 };
    const whole = await search([{ kind: 'image', bytes: query }]);
    const part = await search([{ kind: 'image', bytes: query, region }]);
    const inliers = (found: typeof whole) => found.hits.find(({ record }) => record.id === 'wanted')!.rankScore!;
    expect(inliers(part)).toBeLessThan(inliers(whole) / 2);
  });

  it('refuses queries of which there is no picture', async () => {
    const { fingerprint } = collection.epoch.model;
    const vector = randomUnit(256, seededRandom(5));
    const refused = expect.objectContaining({ code: 'invalid_request' }) as Error;
    await expect(search([{ kind: 'descriptor', vector, fingerprint }])).rejects.toThrow(refused);
    const lost = expect.objectContaining({ code: 'original_not_available' }) as Error;
    await expect(search([{ kind: 'id', id: 'gone' }])).rejects.toThrow(lost);
    // a counter-example is not looked at
    const parts: QueryPart[] = [
      { kind: 'image', bytes: query },
      { kind: 'descriptor', vector, fingerprint, weight: -0.1 },
    ];
    expect((await search(parts)).ids[0]).toBe('wanted');
  });

  it('stops with its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const request = { queries: [{ kind: 'id' as const, id: 'third' }], k: 3, ranking, signal };
    await expect(collection.search(request)).rejects.toThrow('enough');
  });
});
