import { describe, expect, it } from 'vitest';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function fakeSearch() {
  const { app, engine } = await serveFake();
  const send = async (request: object) => {
    const response = await app.inject({ method: 'POST', url: SEARCH, ...request });
    return { status: response.statusCode, body: response.json<{ code?: string; detail?: string }>() };
  };
  return { send, app, queries: () => engine.default.lastSearch!.queries };
}

describe('a search with a mask', () => {
  it('takes one after each picture of a form', async () => {
    const { send, queries } = await fakeSearch();
    const body = multipartBody([
      { field: 'image', value: 'a', filename: 'a' },
      { field: 'image', value: 'b', filename: 'b' },
      { field: 'mask', value: 'of b', filename: 'm' },
    ]);
    expect((await send(body)).status).toBe(200);
    expect(queries()).toEqual([
      { kind: 'image', bytes: Buffer.from('a') },
      { kind: 'image', bytes: Buffer.from('b'), mask: Buffer.from('of b') },
    ]);
  });

  it('takes one beside each picture of JSON', async () => {
    const { send, queries } = await fakeSearch();
    const payload = { queries: [{ imageBase64: base64('a'), maskBase64: base64('m') }, { imageBase64: base64('b') }] };
    expect((await send({ payload })).status).toBe(200);
    expect(queries()).toEqual([
      { kind: 'image', bytes: Buffer.from('a'), mask: Buffer.from('m') },
      { kind: 'image', bytes: Buffer.from('b') },
    ]);
    expect((await send({ payload: { imageBase64: base64('a'), maskBase64: base64('m') } })).status).toBe(200);
    expect(queries()).toMatchObject([{ mask: Buffer.from('m') }]);
  });

  it.each([
    ['of no picture', { id: 'a', maskBase64: 'cg==' }, 'maskBase64 beside imageBase64'],
    ['beside several queries', { queries: [{ id: 'a' }], maskBase64: 'cg==' }, 'queries alone'],
    ['that is no base64', { imageBase64: 'cg==', maskBase64: '***' }, 'maskBase64: expected base64'],
  ])('refuses one %s', async (_name, payload, words) => {
    const { send } = await fakeSearch();
    const { status, body } = await send({ payload });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.detail).toContain(words);
  });

  it('refuses one before its picture, a second one, and one where an image is stored', async () => {
    const { send } = await fakeSearch();
    const [image, mask] = ['image', 'mask'].map((field) => ({ field, value: 'x', filename: 'x' }));
    for (const parts of [
      [mask!, image!],
      [image!, mask!, mask!],
    ])
      expect(await send(multipartBody(parts))).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const put = { method: 'PUT', url: '/v1/collections/default/images/a', ...multipartBody([image!, mask!]) };
    expect(await send(put)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
