import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { DAMAGED } from './fake-engine.js';
import { multipartBody, serveFake } from './serve-fake.js';

const IMAGES = '/v1/collections/default/images';
const SEARCH = '/v1/collections/default/search';
const PNG = { 'content-type': 'image/png' };
const JSON_TYPE = { 'content-type': 'application/json' };
const picture = Buffer.from('picture');
const base64 = picture.toString('base64');
const big = Buffer.alloc(65 * 1024, 1);
const damagedMultipart = { ...multipartBody([]), payload: Buffer.from('--xxboundaryxx\r\ncontent-disposi') };
const file = { field: 'image', value: picture, filename: 'a.png' };

const put = (rest: InjectOptions): InjectOptions => ({ method: 'PUT', url: `${IMAGES}/x`, ...rest });
const search = (rest: InjectOptions): InjectOptions => ({ method: 'POST', url: SEARCH, ...rest });
const searchJson = (payload: object): InjectOptions => search({ payload });

/** What is sent, the status and the code that must come back. */
const BAD: [string, InjectOptions, number, string][] = [
  ['no body', put({}), 400, 'empty_body'],
  ['an empty picture', put({ headers: PNG, payload: '' }), 400, 'empty_body'],
  ['a damaged picture', put({ headers: PNG, payload: DAMAGED }), 422, 'truncated_image'],
  ['a picture over the cap', put({ headers: PNG, payload: big }), 413, 'too_many_bytes'],
  [
    'another content type',
    put({ headers: { 'content-type': 'text/html' }, payload: 'x' }),
    415,
    'unsupported_media_type',
  ],
  ['JSON that is none', put({ headers: JSON_TYPE, payload: '{"imageBase64":' }), 400, 'invalid_json'],
  ['JSON without a picture', put({ payload: { metadata: {} } }), 400, 'invalid_request'],
  ['two pictures', put({ payload: { imageBase64: base64, imageUrl: 'http://x/' } }), 400, 'invalid_request'],
  ['base64 that is none', put({ payload: { imageBase64: 'a b!' } }), 400, 'invalid_request'],
  ['base64 over the cap', put({ payload: { imageBase64: big.toString('base64') } }), 413, 'too_many_bytes'],
  ['a misspelt field', put({ payload: { imageBase64: base64, metdata: {} } }), 400, 'invalid_request'],
  ['__proto__ in JSON', put({ headers: JSON_TYPE, payload: '{"__proto__":{"a":1}}' }), 400, 'invalid_json'],
  ['an imageUrl while fetching is off', put({ payload: { imageUrl: 'http://x/' } }), 403, 'url_fetch_disabled'],
  [
    'metadata that is no JSON',
    put({ url: `${IMAGES}/x?metadata=no`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  ['metadata that is no object', put({ payload: { imageBase64: base64, metadata: [1] } }), 400, 'invalid_request'],
  [
    'an unknown query parameter',
    put({ url: `${IMAGES}/x?meta=1`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'an id of control characters',
    put({ url: `${IMAGES}/a%00b`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'an id that is too long',
    put({ url: `${IMAGES}/${'a'.repeat(513)}`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'an address with a broken escape',
    put({ url: `${IMAGES}/%zz`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'no such collection',
    put({ url: '/v1/collections/none/images/x', headers: PNG, payload: picture }),
    404,
    'collection_not_found',
  ],
  [
    'a wrong collection name',
    put({ url: '/v1/collections/A!/images/x', headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  ['multipart without a file', put(multipartBody([{ field: 'metadata', value: '{}' }])), 400, 'empty_body'],
  ['multipart with two files', put(multipartBody([file, file])), 400, 'invalid_request'],
  ['a file in another field', put(multipartBody([{ ...file, field: 'photo' }])), 400, 'invalid_request'],
  [
    'a multipart field that is no JSON',
    put(multipartBody([file, { field: 'metadata', value: '{' }])),
    400,
    'invalid_json',
  ],
  ['an unknown multipart field', put(multipartBody([file, { field: 'meta', value: '1' }])), 400, 'invalid_request'],
  ['a multipart file over the cap', put(multipartBody([{ ...file, value: big }])), 413, 'too_many_bytes'],
  ['a damaged multipart body', put(damagedMultipart), 400, 'invalid_request'],
  [
    'multipart without a boundary',
    put({ headers: { 'content-type': 'multipart/form-data' }, payload: 'x' }),
    400,
    'invalid_request',
  ],

  [
    'a patch that is no object',
    { method: 'PATCH', url: `${IMAGES}/kept`, payload: { metadata: 3 } },
    400,
    'invalid_request',
  ],
  [
    'a patch of no image',
    { method: 'PATCH', url: `${IMAGES}/none`, payload: { metadata: {} } },
    404,
    'image_not_found',
  ],
  ['deleting no image', { method: 'DELETE', url: `${IMAGES}/none` }, 404, 'image_not_found'],
  ['the original of no image', { url: `${IMAGES}/none/original` }, 404, 'image_not_found'],
  ['a thumbnail of a wrong size', { url: `${IMAGES}/kept/thumbnail?size=0` }, 400, 'invalid_request'],
  ['a cursor that was made up', { url: `${IMAGES}?cursor=abc` }, 400, 'invalid_cursor'],
  ['a page that is too long', { url: `${IMAGES}?limit=100000` }, 400, 'invalid_request'],
  [
    'a filter of another language',
    { url: `${IMAGES}?filter=${encodeURIComponent('{"$where":1}')}` },
    400,
    'invalid_filter',
  ],
  [
    'a hash that is none',
    { method: 'POST', url: `${IMAGES}/exists`, payload: { contentHashes: ['x'] } },
    400,
    'invalid_request',
  ],
  ['a batch without body', { method: 'POST', url: `${IMAGES}/batch` }, 400, 'empty_body'],
  ['a batch of JSON', { method: 'POST', url: `${IMAGES}/batch`, payload: { a: 1 } }, 415, 'unsupported_media_type'],

  ['a collection that exists', { method: 'PUT', url: '/v1/collections/default' }, 409, 'collection_exists'],
  [
    'a collection with a wrong index',
    { method: 'PUT', url: '/v1/collections/n', payload: { index: { M: 1 } } },
    400,
    'invalid_request',
  ],
  ['deleting no collection', { method: 'DELETE', url: '/v1/collections/none' }, 404, 'collection_not_found'],

  ['a search by nothing', searchJson({ k: 3 }), 400, 'invalid_request'],
  ['a search by two things', searchJson({ id: 'kept', imageBase64: base64 }), 400, 'invalid_request'],
  ['queries beside a query', searchJson({ id: 'kept', queries: [{ id: 'kept' }] }), 400, 'invalid_request'],
  ['no queries', searchJson({ queries: [] }), 400, 'invalid_request'],
  ['too many queries', searchJson({ queries: Array(17).fill({ id: 'kept' }) }), 400, 'invalid_request'],
  ['a descriptor without fingerprint', searchJson({ descriptor: [1, 0] }), 400, 'invalid_request'],
  ['k of 0', searchJson({ id: 'kept', k: 0 }), 400, 'invalid_request'],
  ['k of 1001', searchJson({ id: 'kept', k: 1001 }), 400, 'invalid_request'],
  ['k that is no number', search({ url: `${SEARCH}?k=ten`, headers: PNG, payload: picture }), 400, 'invalid_request'],
  ['a rank past the cap', searchJson({ id: 'kept', k: 10, offset: 9991 }), 400, 'invalid_request'],
  [
    'a filter with an unknown operator',
    searchJson({ id: 'kept', filter: { a: { like: 'x' } } }),
    400,
    'invalid_filter',
  ],
  [
    'a filter that is no JSON',
    search({ url: `${SEARCH}?filter=(`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'a region of three numbers',
    search({ url: `${SEARCH}?region=1,2,3`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'a region of words',
    search({ url: `${SEARCH}?region=a,b,c,d`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'an unknown include',
    search({ url: `${SEARCH}?include=all`, headers: PNG, payload: picture }),
    400,
    'invalid_request',
  ],
  [
    'options in the query of a JSON search',
    search({ url: `${SEARCH}?k=3`, payload: { id: 'kept' } }),
    400,
    'invalid_request',
  ],
  [
    'multipart options that are wrong',
    search(multipartBody([file, { field: 'options', value: '{"k":-1}' }])),
    400,
    'invalid_request',
  ],
  ['features of no picture', { method: 'POST', url: '/v1/features', payload: {} }, 400, 'invalid_request'],

  ['no such route', { url: '/v2/nothing' }, 404, 'not_found'],
  ['a method that the route lacks', { method: 'DELETE', url: '/healthz' }, 404, 'not_found'],
];

describe('bad input', () => {
  it.each(BAD)('%s', async (_what, request, status, code) => {
    const { app, engine } = await serveFake();
    await engine.default.put({ id: 'kept', bytes: picture });
    const response = await app.inject(request);
    expect(response.json()).toMatchObject({ status, code, type: `urn:likeness:error:${code}` });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(engine.default.images.size).toBe(1);
    expect(engine.default.sequence).toBe(1);
    expect([...engine.collections.keys()]).toEqual(['default']);
  });

  it('tells nothing of what broke inside', async () => {
    const { app } = await serveFake();
    const response = await app.inject(put({ headers: PNG, payload: Buffer.from([0, 1]) }));
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'internal', detail: 'something unexpected went wrong' });
    expect(response.body).not.toContain('secret');
  });
});
