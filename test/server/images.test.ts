import { describe, expect, it } from 'vitest';
import { multipartBody, serveFake } from './serve-fake.js';

const PNG = { 'content-type': 'image/png' };
const IMAGES = '/v1/collections/default/images';

describe('putting an image', () => {
  it('takes raw bytes with metadata in the query, under an id with slashes', async () => {
    const { app, engine } = await serveFake();
    const url = `${IMAGES}/a%2Fb%20c%25.png?metadata=${encodeURIComponent('{"brand":"acme"}')}`;
    const first = await app.inject({ method: 'PUT', url, headers: PNG, payload: Buffer.from('picture') });
    expect(first.statusCode).toBe(201);
    expect(first.json()).toMatchObject({ outcome: 'added', sequence: 1, image: { id: 'a/b c%.png' } });
    expect(engine.default.images.get('a/b c%.png')?.record.metadata).toEqual({ brand: 'acme' });
    const second = await app.inject({ method: 'PUT', url, headers: PNG, payload: Buffer.from('picture') });
    expect(second.statusCode).toBe(200);
  });

  it('takes multipart with a JSON field', async () => {
    const { app, engine } = await serveFake();
    const body = multipartBody([
      { field: 'image', value: Buffer.from([1, 2, 3]), filename: 'x.png', type: 'image/png' },
      { field: 'metadata', value: '{"price":3}' },
    ]);
    const response = await app.inject({ method: 'PUT', url: `${IMAGES}/m`, ...body });
    expect(response.statusCode).toBe(201);
    expect(engine.default.images.get('m')).toMatchObject({ record: { metadata: { price: 3 }, bytes: 3 } });
  });

  it('takes JSON with base64, with or without a data: prefix', async () => {
    const { app, engine } = await serveFake();
    for (const [id, prefix] of [
      ['plain', ''],
      ['data', 'data:image/png;base64,'],
    ] as const) {
      const payload = { imageBase64: prefix + Buffer.from('picture').toString('base64'), metadata: { a: null } };
      const response = await app.inject({ method: 'PUT', url: `${IMAGES}/${id}`, payload });
      expect(response.statusCode).toBe(201);
      expect(Buffer.from(engine.default.images.get(id)!.bytes).toString()).toBe('picture');
    }
  });

  it('makes an id for POST and tells where the image is', async () => {
    const { app } = await serveFake();
    const response = await app.inject({ method: 'POST', url: IMAGES, headers: PNG, payload: Buffer.from('p') });
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`${IMAGES}/made-1`);
  });

  it('takes a file as source from this machine only, and not through a proxy', async () => {
    const { app, engine } = await serveFake();
    const source = { kind: 'file', path: '/pictures/a.png', mtimeMs: 1 };
    const put = (remoteAddress: string, headers: Record<string, string> = {}) =>
      app.inject({
        method: 'PUT',
        url: `${IMAGES}/s?source=${encodeURIComponent(JSON.stringify(source))}`,
        headers: { ...PNG, ...headers },
        payload: Buffer.from('p'),
        remoteAddress,
      });
    expect((await put('192.0.2.7')).json()).toMatchObject({ code: 'forbidden', status: 403 });
    expect((await put('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(403);
    expect(engine.default.images.size).toBe(0);
    expect((await put('::ffff:127.0.0.1')).statusCode).toBe(201);
    expect(engine.default.images.get('s')?.record.source).toEqual(source);
  });
});

describe('stored images', () => {
  const withImages = async (ids: string[]) => {
    const fake = await serveFake();
    for (const id of ids) await fake.engine.default.put({ id, bytes: Buffer.from(`bytes of ${id}`) });
    return fake;
  };

  it('gives record, original and thumbnail', async () => {
    const { app } = await withImages(['a/b']);
    expect((await app.inject(`${IMAGES}/a%2Fb`)).json()).toMatchObject({ id: 'a/b', width: 4 });
    const original = await app.inject(`${IMAGES}/a%2Fb/original`);
    expect(original.headers['content-type']).toBe('image/png');
    expect(original.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(original.headers['x-content-type-options']).toBe('nosniff');
    expect(original.rawPayload.toString()).toBe('bytes of a/b');
    const thumbnail = await app.inject(`${IMAGES}/a%2Fb/thumbnail?size=64`);
    expect(thumbnail.headers).toMatchObject({ 'content-type': 'image/webp', 'cache-control': 'private, no-cache' });
    const kept = await app.inject(`${IMAGES}/a%2Fb/thumbnail?size=64&v=abc`);
    expect(kept.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  it('merges metadata and removes', async () => {
    const { app, engine } = await withImages(['a']);
    const patch = await app.inject({ method: 'PATCH', url: `${IMAGES}/a`, payload: { metadata: { tag: 'x' } } });
    expect(patch.json()).toMatchObject({ sequence: 2, image: { metadata: { tag: 'x' } } });
    expect((await app.inject({ method: 'DELETE', url: `${IMAGES}/a` })).json()).toEqual({ sequence: 3 });
    expect(engine.default.images.size).toBe(0);
  });

  it('lists page by page', async () => {
    const { app } = await withImages(['c', 'a', 'b', 'ü', 'd']);
    const ids: string[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 3; page++) {
      const { images, nextCursor } = (await app.inject(IMAGES + query)).json<{
        images: { id: string }[];
        nextCursor?: string;
      }>();
      ids.push(...images.map(({ id }) => id));
      query = `?limit=2&cursor=${nextCursor ?? 'none'}`;
      expect(nextCursor === undefined).toBe(page === 2);
    }
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'ü']);
  });

  it('knows pictures by hash', async () => {
    const { app, engine } = await withImages(['a']);
    const { contentHash } = engine.default.images.get('a')!.record;
    const contentHashes = [contentHash, '0'.repeat(64)];
    const response = await app.inject({ method: 'POST', url: `${IMAGES}/exists`, payload: { contentHashes } });
    expect(response.json()).toEqual({ ids: { [contentHash]: ['a'] } });
  });
});

describe('collections', () => {
  it('are made with the defaults of the config where nothing else is said', async () => {
    const { app, engine } = await serveFake({ efSearch: 77 });
    const payload = { index: { M: 24 } };
    const made = await app.inject({ method: 'PUT', url: '/v1/collections/shoes', payload });
    expect(made.statusCode).toBe(201);
    expect(engine.lastConfig).toMatchObject({ index: { M: 24, efSearch: 77 } });
    expect((await app.inject({ method: 'PUT', url: '/v1/collections/bare' })).statusCode).toBe(201);
    const posted = await app.inject({ method: 'POST', url: '/v1/collections', payload: { name: 'hats' } });
    expect(posted.headers.location).toBe('/v1/collections/hats');
  });

  it('are listed, shown and deleted', async () => {
    const { app, engine } = await serveFake();
    const list = (await app.inject('/v1/collections')).json<{ collections: unknown[] }>();
    expect(list.collections).toMatchObject([{ name: 'default', state: 'ready', images: 0, index: { live: 0 } }]);
    expect((await app.inject({ method: 'DELETE', url: '/v1/collections/default' })).statusCode).toBe(204);
    expect(engine.collections.size).toBe(0);
    expect((await app.inject('/v1/collections/default')).json()).toMatchObject({ code: 'collection_not_found' });
  });
});
