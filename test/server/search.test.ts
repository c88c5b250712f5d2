import { describe, expect, it } from 'vitest';
import { featuresAnswerSchema, searchAnswerSchema } from '../../server/schemas.js';
import { QUERY_ID } from './fake-engine.js';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';
const PNG = { 'content-type': 'image/png' };

async function withImages() {
  const fake = await serveFake();
  await fake.engine.default.put({ id: 'red', bytes: Buffer.from('r1'), metadata: { tag: 'x' } });
  await fake.engine.default.put({ id: 'blue', bytes: Buffer.from('b1') });
  return fake;
}

describe('search', () => {
  it('takes a picture with options in the query string', async () => {
    const { app, engine } = await withImages();
    const options = {
      k: '1',
      offset: '0',
      ef: '50',
      minScore: '0.5',
      minSequence: '2',
      exact: 'true',
      region: '0,0,0.5,1',
    };
    const query = new URLSearchParams({ ...options, filter: '{"tag":"x"}' }).toString();
    const url = `${SEARCH}?${query}`;
    const response = await app.inject({ method: 'POST', url, headers: PNG, payload: Buffer.from('r2') });
    const answer = searchAnswerSchema.parse(response.json());
    expect(answer.hits).toEqual([{ id: 'red', score: 1, distance: 0, metadata: { tag: 'x' } }]);
    expect(engine.default.lastSearch).toMatchObject({
      ...{ k: 1, ef: 50, exact: true, minScore: 0.5, minSequence: 2, filter: { tag: 'x' } },
      queries: [{ kind: 'image', bytes: Buffer.from('r2'), region: { x: 0, y: 0, width: 0.5, height: 1 } }],
    });
    expect(response.headers['server-timing']).toMatch(/^decode;dur=1, search;dur=2, total;dur=[\d.]+$/);
  });

  it('takes several pictures as multipart', async () => {
    const { app, engine } = await withImages();
    const body = multipartBody([
      { field: 'options', value: '{"k":2,"include":["image"]}' },
      { field: 'image', value: 'r', filename: 'a' },
      { field: 'image', value: 'b', filename: 'b' },
    ]);
    const answer = searchAnswerSchema.parse((await app.inject({ method: 'POST', url: SEARCH, ...body })).json());
    expect(answer.hits[0]).toMatchObject({ id: 'red', image: { width: 4, contentHash: expect.any(String) as string } });
    expect(answer.hits[0]).not.toHaveProperty('metadata');
    expect(engine.default.lastSearch?.queries.map(({ kind }) => kind)).toEqual(['image', 'image']);
  });

  it('takes ids, descriptors and pictures as JSON, alone or together', async () => {
    const { app, engine } = await withImages();
    const search = async (payload: object) => {
      const response = await app.inject({ method: 'POST', url: SEARCH, payload });
      expect(response.statusCode).toBe(200);
      return engine.default.lastSearch!.queries;
    };
    expect(await search({ id: 'a/b' })).toEqual([{ kind: 'id', id: 'a/b' }]);
    expect(await search({ queryId: QUERY_ID })).toEqual([{ kind: 'query', queryId: QUERY_ID }]);
    expect(await search({ queries: [{ queryId: QUERY_ID, weight: -0.5 }, { id: 'a/b' }] })).toEqual([
      { kind: 'query', queryId: QUERY_ID, weight: -0.5 },
      { kind: 'id', id: 'a/b' },
    ]);
    const descriptor = { descriptor: [0.6, 0.8], fingerprint: 'f' };
    expect(await search(descriptor)).toEqual([
      { kind: 'descriptor', vector: Float32Array.of(0.6, 0.8), fingerprint: 'f' },
    ]);
    const region = { x: 1, y: 2, width: 3, height: 4 };
    const picture = { imageBase64: Buffer.from('r').toString('base64') };
    expect(
      await search({ queries: [descriptor, { ...picture, region }, picture], region: { ...region, x: 0 } }),
    ).toEqual([
      { kind: 'descriptor', vector: Float32Array.of(0.6, 0.8), fingerprint: 'f' },
      { kind: 'image', bytes: Buffer.from('r'), region },
      { kind: 'image', bytes: Buffer.from('r'), region: { ...region, x: 0 } },
    ]);
  });
});

describe('the weights of several queries', () => {
  const picture = (value: string) => ({ field: 'image', value, filename: value });
  const sent = async (request: object) => {
    const { app, engine } = await withImages();
    const response = await app.inject({ method: 'POST', url: SEARCH, ...request });
    return { response, queries: engine.default.lastSearch?.queries };
  };

  it('come with each query of JSON, and beside the pictures of multipart', async () => {
    const queries = [{ id: 'red' }, { id: 'blue', weight: -0.5 }];
    expect((await sent({ payload: { queries } })).queries).toEqual([
      { kind: 'id', id: 'red' },
      { kind: 'id', id: 'blue', weight: -0.5 },
    ]);
    const options = { field: 'options', value: '{"weights":[2,-0.5]}' };
    const multipart = await sent(multipartBody([options, picture('r'), picture('b')]));
    expect(multipart.queries).toMatchObject([{ weight: 2 }, { weight: -0.5 }]);
  });

  it('are refused where they are 0, too large, or not one for each picture', async () => {
    const options = (weights: string) => multipartBody([{ field: 'options', value: weights }, picture('r')]);
    const wrong = [
      { payload: { queries: [{ id: 'red', weight: 0 }] } },
      { payload: { queries: [{ id: 'red', weight: 11 }] } },
      { payload: { queries: [{ id: 'red' }], weight: 1 } },
      { payload: { id: 'red', weights: [1] } },
      options('{"weights":[1,1]}'),
      options('{"weights":[0]}'),
    ];
    for (const request of wrong) {
      const { response, queries } = await sent(request);
      expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(queries).toBeUndefined();
    }
  });
});

describe('features', () => {
  it('gives the descriptor of a picture in each form', async () => {
    const { app } = await serveFake();
    const picture = Buffer.from('r');
    const forms = [
      { url: '/v1/features?region=0,0,1,1', headers: PNG, payload: picture },
      { url: '/v1/collections/default/features', payload: { imageBase64: picture.toString('base64') } },
      { url: '/v1/features', ...multipartBody([{ field: 'image', value: 'r', filename: 'a' }]) },
    ];
    for (const form of forms) {
      const response = await app.inject({ method: 'POST', ...form });
      const answer = featuresAnswerSchema.parse(response.json());
      expect(answer).toMatchObject({ dimension: 2, fingerprint: 'f'.repeat(32), width: 4, timings: { decode: 1.235 } });
      expect(answer.descriptor).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    }
  });
});
