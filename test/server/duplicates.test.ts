import { describe, expect, it } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { compareAnswerSchema, duplicatesAnswerSchema } from '../../server/schemas/duplicates.js';
import { listenFake, multipartBody, serveFake } from './serve-fake.js';

const DUPLICATES = '/v1/collections/default/duplicates';
const COMPARE = '/v1/collections/default/compare';
const PICTURES = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1'];

describe('duplicates over HTTP', () => {
  it('come page by page, and all of them through the client', async () => {
    const { app, engine, url } = await listenFake();
    for (const name of PICTURES) await engine.default.put({ id: name, bytes: Buffer.from(name) });
    const first = duplicatesAnswerSchema.parse((await app.inject(`${DUPLICATES}?limit=2`)).json());
    expect(first.groups.map(({ images }) => images.map(({ id }) => id))).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
    const rest = await app.inject(`${DUPLICATES}?limit=2&verdict=identical&cursor=${first.nextCursor}`);
    expect(duplicatesAnswerSchema.parse(rest.json())).not.toHaveProperty('nextCursor');
    expect(engine.default.lastDuplicates).toEqual({ verdict: 'identical', limit: 2, after: 'b1' });
    await app.inject(`${DUPLICATES}?geometry=true`);
    expect(engine.default.lastDuplicates).toMatchObject({ geometry: true });
    const found: string[] = [];
    for await (const { images } of new LikenessClient({ url }).duplicates('default', { pageSize: 1 }))
      found.push(images[0]!.id);
    expect(found).toEqual(['a1', 'b1', 'c1']);
  });

  it.each([
    ['verdict=similar', 'invalid_request'],
    ['limit=0', 'invalid_request'],
    ['cursor=x', 'invalid_cursor'],
  ])('refuse %s', async (query, code) => {
    const { app } = await serveFake();
    expect((await app.inject(`${DUPLICATES}?${query}`)).json()).toMatchObject({ status: 400, code });
  });
});

describe('a comparison over HTTP', () => {
  it('takes two files, or ids and base64', async () => {
    const { app, engine } = await serveFake();
    const files = multipartBody([
      { field: 'picture', value: 'true' },
      { field: 'b', value: 'b1', filename: 'b' },
      { field: 'a', value: 'a1', filename: 'a' },
    ]);
    const answer = compareAnswerSchema.parse((await app.inject({ method: 'POST', url: COMPARE, ...files })).json());
    expect(answer).toMatchObject({ score: 0.75, distance: 0.25, verdict: 'similar', pictureBase64: 'AQID' });
    expect(engine.default.lastComparison).toMatchObject({
      a: { bytes: Buffer.from('a1') },
      b: { bytes: Buffer.from('b1') },
      picture: true,
    });
    const payload = { a: { id: 'x' }, b: { imageBase64: Buffer.from('b2').toString('base64') } };
    const second = compareAnswerSchema.parse((await app.inject({ method: 'POST', url: COMPARE, payload })).json());
    expect(second).not.toHaveProperty('pictureBase64');
    expect(engine.default.lastComparison).toMatchObject({ a: { id: 'x' }, b: { bytes: Buffer.from('b2') } });
  });

  it('goes through the client in both forms', async () => {
    const { engine, url } = await listenFake();
    const client = new LikenessClient({ url });
    await client.compare('default', Buffer.from('a1'), Buffer.from('b1'), { picture: true });
    expect(engine.default.lastComparison).toMatchObject({ a: { bytes: Buffer.from('a1') }, picture: true });
    await client.compare('default', { id: 'x' }, Buffer.from([200, 0, 7]));
    expect(engine.default.lastComparison).toMatchObject({ a: { id: 'x' }, b: { bytes: Buffer.from([200, 0, 7]) } });
  });

  it('refuses anything but two pictures', async () => {
    const { app } = await serveFake();
    const post = async (request: object) =>
      (await app.inject({ method: 'POST', url: COMPARE, ...request })).json<object>();
    const one = multipartBody([{ field: 'a', value: 'a1', filename: 'a' }]);
    expect(await post(one)).toMatchObject({ code: 'empty_body' });
    const twice = multipartBody([
      { field: 'a', value: 'a1', filename: 'a' },
      { field: 'a', value: 'a2', filename: 'a' },
    ]);
    expect(await post(twice)).toMatchObject({ code: 'invalid_request' });
    expect(await post({ payload: { a: { id: 'x' } } })).toMatchObject({ code: 'invalid_request' });
    expect(await post({ payload: { a: { id: 'x', imageBase64: 'AA==' }, b: { id: 'y' } } })).toMatchObject({
      code: 'invalid_request',
    });
  });
});
