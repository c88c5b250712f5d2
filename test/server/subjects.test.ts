import { describe, expect, it } from 'vitest';
import { searchAnswerSchema, subjectsAnswerSchema } from '../../server/schemas.js';
import { DAMAGED } from './fake-engine.js';
import { multipartBody, serveFake } from './serve-fake.js';

const PNG = { 'content-type': 'image/png' };

describe('subjects', () => {
  it('are told of a picture in each form, by the default collection or another', async () => {
    const { app } = await serveFake();
    const picture = Buffer.from('r');
    const forms = [
      { headers: PNG, payload: picture },
      multipartBody([{ field: 'image', value: 'r', filename: 'a' }]),
      { payload: { imageBase64: picture.toString('base64') } },
    ];
    for (const form of forms) {
      for (const url of ['/v1/subjects', '/v1/collections/default/subjects']) {
        const response = await app.inject({ method: 'POST', url, ...form });
        expect(subjectsAnswerSchema.parse(response.json())).toEqual({
          subjects: [{ box: { x: 1, y: 1, width: 2, height: 1 }, score: 0.5 }],
          ...{ width: 4, height: 3, timings: { decode: 1.235, inference: 2 } },
        });
        expect(response.headers['server-timing']).toContain('inference;dur=2');
      }
    }
  });

  it.each([
    ['no picture', { headers: PNG, payload: Buffer.alloc(0) }, 400, 'empty_body'],
    ['a damaged picture', { headers: PNG, payload: DAMAGED }, 422, 'truncated_image'],
    ['a region beside it', { payload: { imageBase64: 'cg==', region: {} } }, 400, 'invalid_request'],
    ['a query string', { url: '/v1/subjects?k=1', headers: PNG, payload: Buffer.from('r') }, 400, 'invalid_request'],
    [
      'a field beside it',
      multipartBody([
        { field: 'options', value: '{}' },
        { field: 'image', value: 'r', filename: 'a' },
      ]),
      400,
      'invalid_request',
    ],
  ])('refuses %s', async (_name, request, status, code) => {
    const { app } = await serveFake();
    const response = await app.inject({ method: 'POST', url: '/v1/subjects', ...request });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('can be what a search is by', async () => {
    const { app, engine } = await serveFake();
    const url = '/v1/collections/default/search?subject=auto&context=0.2';
    const response = await app.inject({ method: 'POST', url, headers: PNG, payload: Buffer.from('r') });
    searchAnswerSchema.parse(response.json());
    const [query] = engine.default.lastSearch!.queries;
    expect(query).toEqual({ kind: 'image', bytes: Buffer.from('r'), subject: 'auto', context: 0.2 });
    const both = await app.inject({ method: 'POST', url: `${url}&region=0,0,1,1`, headers: PNG, payload: 'r' });
    expect(both.json<{ detail: string }>().detail).toContain('one of region, regions and subject');
  });
});
