import { describe, expect, it } from 'vitest';
import { searchAnswerSchema } from '../../server/schemas.js';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';
const FUSION = { method: 'weighted', weight: 0.25 };

describe('text over HTTP', () => {
  it('goes beside a picture in each form of a search', async () => {
    const picture = { headers: { 'content-type': 'image/png' }, payload: Buffer.from('r') };
    const options = { text: 'red shoe', fusion: FUSION };
    const query = new URLSearchParams({ text: 'red shoe', fusion: JSON.stringify(FUSION) }).toString();
    const forms = [
      { url: `${SEARCH}?${query}`, ...picture },
      {
        url: SEARCH,
        ...multipartBody([
          { field: 'options', value: JSON.stringify(options) },
          { field: 'image', value: 'r', filename: 'a' },
        ]),
      },
      { url: SEARCH, payload: { id: 'a', ...options } },
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      const response = await app.inject({ method: 'POST', ...form });
      searchAnswerSchema.parse(response.json());
      expect(engine.default.lastSearch).toMatchObject(options);
      expect(engine.default.lastSearch?.queries).toHaveLength(1);
    }
  });

  it('may stand alone, as JSON or multipart', async () => {
    const forms = [
      { payload: { text: ' red shoe ', k: 3 } },
      multipartBody([{ field: 'options', value: '{"text":"red shoe","k":3}' }]),
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      const response = await app.inject({ method: 'POST', url: SEARCH, ...form });
      expect(response.statusCode).toBe(200);
      expect(engine.default.lastSearch).toMatchObject({ queries: [], text: 'red shoe', k: 3 });
    }
  });

  it.each([
    [{ text: ' ' }, /text/],
    [{ text: 'x'.repeat(1001) }, /text/],
    [{ id: 'a', text: 'x', fusion: { method: 'sum' } }, /fusion/],
    [{ id: 'a', text: 'x', fusion: { method: 'weighted', weight: 2 } }, /weight/],
    [{ text: 'x', id: 'a', imageBase64: 'cg==' }, /expected one of/],
    [{ text: 'x', fingerprint: 'f' }, /expected one of/],
    [{ k: 3 }, /expected one of/],
  ])('refuses %j', async (payload, detail) => {
    const { app, engine } = await serveFake();
    const response = await app.inject({ method: 'POST', url: SEARCH, payload });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(JSON.stringify(response.json())).toMatch(detail);
    expect(engine.default.lastSearch).toBeUndefined();
  });

  it('has its fields named when a collection is made', async () => {
    const { app, engine } = await serveFake();
    const payload = { name: 'shop', textFields: ['title', 'tags'] };
    expect((await app.inject({ method: 'POST', url: '/v1/collections', payload })).statusCode).toBe(201);
    expect(engine.lastConfig?.textFields).toEqual(['title', 'tags']);
  });
});
