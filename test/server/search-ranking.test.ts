import { describe, expect, it } from 'vitest';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';
const RANKING = [{ stage: 'alpha-qe', n: 5 }];
const PARSED = [{ stage: 'alpha-qe', n: 5, floor: 0, alpha: 3 }];

describe('ranking', () => {
  it('comes in each form of a search', async () => {
    const text = JSON.stringify(RANKING);
    const picture = { headers: { 'content-type': 'image/png' }, payload: Buffer.from('r') };
    const options = { field: 'options', value: `{"ranking":${text}}` };
    const forms = [
      { url: `${SEARCH}?ranking=${encodeURIComponent(text)}`, ...picture },
      { url: SEARCH, ...multipartBody([options, { field: 'image', value: 'r', filename: 'a' }]) },
      { url: SEARCH, payload: { id: 'a', ranking: RANKING } },
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      expect((await app.inject({ method: 'POST', ...form })).statusCode).toBe(200);
      expect(engine.default.lastSearch?.ranking).toEqual(PARSED);
    }
  });

  it('is left to the collection where nothing is said', async () => {
    const { app, engine } = await serveFake();
    await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a' } });
    expect(engine.default.lastSearch).not.toHaveProperty('ranking');
  });

  it('is refused where a stage is unknown or wrong', async () => {
    const { app } = await serveFake();
    for (const stage of [{ stage: 'magic' }, { stage: 'alpha-qe', n: 0 }, { stage: 'group' }]) {
      const response = await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a', ranking: [stage] } });
      expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    }
  });

  it('may be given to a new collection', async () => {
    const { app, engine } = await serveFake();
    const payload = { name: 'shop', ranking: RANKING };
    expect((await app.inject({ method: 'POST', url: '/v1/collections', payload })).statusCode).toBe(201);
    expect(engine.lastConfig?.ranking).toEqual(PARSED);
  });
});
