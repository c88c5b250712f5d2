import { describe, expect, it } from 'vitest';
import { searchAnswerSchema } from '../../server/schemas.js';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';

describe('verdicts over HTTP', () => {
  it('have a floor in each form of a search', async () => {
    const picture = { headers: { 'content-type': 'image/png' }, payload: Buffer.from('r') };
    const options = { field: 'options', value: '{"minVerdict":"similar"}' };
    const forms = [
      { url: `${SEARCH}?minVerdict=similar`, ...picture },
      { url: SEARCH, ...multipartBody([options, { field: 'image', value: 'r', filename: 'a' }]) },
      { url: SEARCH, payload: { id: 'a', minVerdict: 'similar' } },
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      const response = await app.inject({ method: 'POST', ...form });
      expect(searchAnswerSchema.parse(response.json()).belowThreshold).toBe(0);
      expect(engine.default.lastSearch?.minVerdict).toBe('similar');
    }
    const { app } = await serveFake();
    const wrong = await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a', minVerdict: 'alike' } });
    expect(wrong.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('stand at each hit that has one', async () => {
    const { app, engine } = await serveFake();
    await engine.default.put({ id: 'a', bytes: Buffer.from('r') });
    const search = engine.default.search.bind(engine.default);
    engine.default.search = async (request) => {
      const found = await search(request);
      return { ...found, hits: found.hits.map((hit) => ({ ...hit, verdict: 'similar', probability: 0.25 })) };
    };
    const response = await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a' } });
    expect(response.json()).toMatchObject({ hits: [{ id: 'a', verdict: 'similar', probability: 0.25 }] });
  });

  it('come of a calibrate job', async () => {
    const { app } = await serveFake();
    const start = (payload: object) =>
      app.inject({ method: 'POST', url: '/v1/collections/default/jobs', payload: { kind: 'calibrate', ...payload } });
    expect((await start({ images: 10 })).json()).toMatchObject({ code: 'invalid_request' });
    expect((await start({ images: 100 })).json()).toMatchObject({ kind: 'calibrate' });
  });
});
