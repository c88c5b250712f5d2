import { describe, expect, it } from 'vitest';
import { searchAnswerSchema } from '../../server/schemas.js';
import { QUERY_ID } from './fake-engine.js';
import { serveFake } from './serve-fake.js';

const COLLECTION = '/v1/collections/default';

async function withSearch() {
  const fake = await serveFake({ readKeys: ['reader'], writeKeys: ['writer'] });
  const headers = { authorization: 'Bearer reader' };
  await fake.engine.default.put({ id: 'red', bytes: Buffer.from('r1'), metadata: { tag: 'x' } });
  await fake.engine.default.put({ id: 'blue', bytes: Buffer.from('b1') });
  const url = `${COLLECTION}/search`;
  const picture = { ...headers, 'content-type': 'image/png' };
  const found = await fake.app.inject({ method: 'POST', url, headers: picture, payload: Buffer.from('r2') });
  return { ...fake, headers, queryId: searchAnswerSchema.parse(found.json()).queryId! };
}

describe('queries over HTTP', () => {
  it('are asked again by whoever may read, with another page if wanted', async () => {
    const { app, engine, headers, queryId } = await withSearch();
    const url = `${COLLECTION}/queries/${queryId}?k=1&offset=1&include=image`;
    const response = await app.inject({ method: 'GET', url, headers });
    const answer = searchAnswerSchema.parse(response.json());
    expect(answer.queryId).toBe(queryId);
    expect(answer.hits).toHaveLength(1);
    expect(answer.hits[0]).not.toHaveProperty('metadata');
    expect(answer.hits[0]).toHaveProperty('image');
    expect(engine.default.lastSearch).toMatchObject({ k: 1, offset: 1 });
    expect(response.headers['server-timing']).toMatch(/total/);
  });

  it('that are unknown, or asked wrongly, are refused', async () => {
    const { app, headers, queryId } = await withSearch();
    const get = async (path: string) => {
      const response = await app.inject({ method: 'GET', url: `${COLLECTION}/queries/${path}`, headers });
      return [response.statusCode, response.json<{ code: string }>().code];
    };
    expect(await get(QUERY_ID.replace('4', '5'))).toEqual([404, 'query_not_found']);
    expect(await get('no-uuid')).toEqual([400, 'invalid_request']);
    expect(await get(`${queryId}?k=0`)).toEqual([400, 'invalid_request']);
    expect(await get(`${queryId}?k=1000&offset=9001`)).toEqual([400, 'invalid_request']);
    expect(await get(`${queryId}?filter={}`)).toEqual([400, 'invalid_request']);
  });

  it('take feedback from whoever may search', async () => {
    const { app, engine, headers, queryId } = await withSearch();
    const give = (payload: object) => app.inject({ method: 'POST', url: `${COLLECTION}/feedback`, headers, payload });
    const feedback = { queryId, shown: ['red', 'blue'], clicked: ['blue'] };
    const response = await give(feedback);
    expect([response.statusCode, response.json()]).toEqual([
      201,
      { id: 'stored', createdAt: expect.any(String) as string },
    ]);
    expect(engine.default.feedback).toEqual([feedback]);
    for (const wrong of [
      { ...feedback, shown: [] },
      { ...feedback, clicked: undefined },
      { ...feedback, more: 1 },
    ])
      expect((await give(wrong)).json()).toMatchObject({ code: 'invalid_request' });
    expect(engine.default.feedback).toHaveLength(1);
  });
});
