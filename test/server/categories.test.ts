import { describe, expect, it } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { listenFake, multipartBody, serveFake } from './serve-fake.js';

const COLLECTION = '/v1/collections/default';
const SEARCH = `${COLLECTION}/search`;
const ASKED = { field: 'kind', by: 'head', neighbours: 5, temperature: 0.2 };

describe('categories over HTTP', () => {
  it('are asked for in each form of a search', async () => {
    const picture = { headers: { 'content-type': 'image/png' }, payload: Buffer.from('r') };
    const query = new URLSearchParams({ category: JSON.stringify(ASKED), within: 'predicted' }).toString();
    const options = { field: 'options', value: JSON.stringify({ category: ASKED, within: 'predicted' }) };
    const forms = [
      { url: `${SEARCH}?${query}`, ...picture },
      { url: SEARCH, ...multipartBody([options, { field: 'image', value: 'r', filename: 'a' }]) },
      { url: SEARCH, payload: { id: 'a', category: ASKED, within: 'predicted' } },
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      expect((await app.inject({ method: 'POST', ...form })).statusCode).toBe(200);
      expect(engine.default.lastSearch).toMatchObject({ category: ASKED, within: 'predicted' });
    }
  });

  it('are switched on and off by a word, and left to the collection without one', async () => {
    const { app, engine } = await serveFake();
    const headers = { 'content-type': 'image/png' };
    for (const [query, expected] of [
      ['?category=true', true],
      ['?category=false', false],
      ['', undefined],
    ] as const) {
      await app.inject({ method: 'POST', url: `${SEARCH}${query}`, headers, payload: Buffer.from('r') });
      expect(engine.default.lastSearch?.category).toBe(expected);
    }
  });

  it.each([
    { category: { by: 'magic' } },
    { category: { neighbours: 0 } },
    { category: { field: '' } },
    { category: { more: 1 } },
    { category: 'kind' },
    { within: 'elsewhere' },
  ])('are refused as %j', async (asked) => {
    const { app } = await serveFake();
    const response = await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a', ...asked } });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('have a field that a new collection may name', async () => {
    const { app, engine } = await serveFake();
    const payload = { name: 'shop', categoryField: 'kind' };
    expect((await app.inject({ method: 'POST', url: '/v1/collections', payload })).statusCode).toBe(201);
    expect(engine.lastConfig?.categoryField).toBe('kind');
  });

  it('have a head that a job trains, and that is told of, through the client', async () => {
    const { url, engine } = await listenFake();
    const client = new LikenessClient({ url });
    const job = await client.startJob('default', { kind: 'train-head', field: 'kind', balanced: true });
    expect(job.kind).toBe('train-head');
    expect(engine.default.lastTraining).toEqual({ field: 'kind', balanced: true, heldOut: 0.2, seed: 0 });
    expect(await client.categories('default')).toEqual({ field: 'kind', sequence: 0 });
  });

  it.each([{ heldOut: 0.9 }, { seed: -1 }, { field: '' }, { more: 1 }])('refuse training with %j', async (wrong) => {
    const { app } = await serveFake();
    const payload = { kind: 'train-head', ...wrong };
    const response = await app.inject({ method: 'POST', url: `${COLLECTION}/jobs`, payload });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('domains over HTTP', () => {
  const ACROSS = { from: 'street', to: 'shop' };

  it('are crossed in each form of a search', async () => {
    const query = new URLSearchParams({ across: JSON.stringify(ACROSS) }).toString();
    const options = { field: 'options', value: JSON.stringify({ across: ACROSS }) };
    const forms = [
      { url: `${SEARCH}?${query}`, headers: { 'content-type': 'image/png' }, payload: Buffer.from('r') },
      { url: SEARCH, ...multipartBody([options, { field: 'image', value: 'r', filename: 'a' }]) },
      { url: SEARCH, payload: { id: 'a', across: ACROSS } },
    ];
    for (const form of forms) {
      const { app, engine } = await serveFake();
      expect((await app.inject({ method: 'POST', ...form })).statusCode).toBe(200);
      expect(engine.default.lastSearch?.across).toEqual({ ...ACROSS, removeMean: true });
    }
    const { app } = await serveFake();
    const wrong = await app.inject({ method: 'POST', url: SEARCH, payload: { id: 'a', across: { from: 'street' } } });
    expect(wrong.json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('have means that a job learns', async () => {
    const { app } = await serveFake();
    const payload = { kind: 'learn-domains', field: 'domain' };
    const response = await app.inject({ method: 'POST', url: `${COLLECTION}/jobs`, payload });
    expect([response.statusCode, response.json<{ kind: string }>().kind]).toEqual([202, 'learn-domains']);
  });
});
