import { describe, expect, it } from 'vitest';
import type { ImageWrite } from '../../engine/store/store.js';
import { encodeFloats } from '../../server/float-text.js';
import { multipartBody, serveFake } from './serve-fake.js';

const SEARCH = '/v1/collections/default/search';
const PNG = { 'content-type': 'image/png' };
const LEFT = { x: 0, y: 0, width: 0.5, height: 1 };
const RIGHT = { x: 0.5, y: 0, width: 0.5, height: 1 };

async function fakeSearch() {
  const { app, engine } = await serveFake();
  const send = async (request: object) => {
    const response = await app.inject({ method: 'POST', url: SEARCH, ...request });
    return { status: response.statusCode, body: response.json<{ code?: string; detail?: string }>() };
  };
  return { send, queries: () => engine.default.lastSearch!.queries };
}

describe('a search by parts of a picture', () => {
  it('takes several regions and their context in the query string', async () => {
    const { send, queries } = await fakeSearch();
    const url = `${SEARCH}?regions=0,0,0.5,1;0.5,0,0.5,1&context=0.25`;
    expect((await send({ url, headers: PNG, payload: Buffer.from('r') })).status).toBe(200);
    const picture = { kind: 'image', bytes: Buffer.from('r'), context: 0.25 };
    expect(queries()).toEqual([
      { ...picture, region: LEFT },
      { ...picture, region: RIGHT },
    ]);
  });

  it('takes them of each picture of a form, with its weight', async () => {
    const { send, queries } = await fakeSearch();
    const options = { regions: [LEFT, RIGHT], weights: [1, -0.5] };
    const body = multipartBody([
      { field: 'options', value: JSON.stringify(options) },
      { field: 'image', value: 'a', filename: 'a' },
      { field: 'image', value: 'b', filename: 'b' },
    ]);
    expect((await send(body)).status).toBe(200);
    expect(queries()).toEqual(
      [
        { text: 'a', weight: 1 },
        { text: 'b', weight: -0.5 },
      ].flatMap(({ text, weight }) =>
        [LEFT, RIGHT].map((region) => ({ kind: 'image', bytes: Buffer.from(text), weight, region })),
      ),
    );
  });

  it("takes a query's own region before those of all", async () => {
    const { send, queries } = await fakeSearch();
    const imageBase64 = Buffer.from('r').toString('base64');
    const payload = { queries: [{ imageBase64, region: LEFT }, { imageBase64 }], regions: [RIGHT, LEFT], context: 0.5 };
    expect((await send({ payload })).status).toBe(200);
    const picture = { kind: 'image', bytes: Buffer.from('r'), context: 0.5 };
    expect(queries()).toEqual([LEFT, RIGHT, LEFT].map((region) => ({ ...picture, region })));
  });

  it.each([
    ['region and regions', { region: LEFT, regions: [RIGHT] }, 'one of region, regions and subject'],
    ['context of nothing', { context: 0.5 }, 'beside context'],
    ['context above 1', { region: LEFT, context: 1.5 }, 'context'],
    ['no regions', { regions: [] }, 'regions'],
    ['nine regions', { regions: Array(9).fill(LEFT) }, 'regions'],
  ])('refuses %s', async (_name, fields, words) => {
    const { send } = await fakeSearch();
    const { status, body } = await send({ payload: { imageBase64: 'cg==', ...fields } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.detail).toContain(words);
  });

  it('refuses more regions of more pictures than there may be queries', async () => {
    const { send } = await fakeSearch();
    const queries = Array(3).fill({ imageBase64: 'cg==' });
    const { status, body } = await send({ payload: { queries, regions: Array(6).fill(LEFT) } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.detail).toContain('at most 16 queries');
  });
});

describe('regions of stored images', () => {
  it('are asked for when a collection is made', async () => {
    const { app, engine } = await serveFake();
    const make = (regions: object) => app.inject({ method: 'PUT', url: '/v1/collections/parts', payload: { regions } });
    expect((await make({ rmac: 9 })).statusCode).toBe(400);
    expect((await make({ subjects: true })).statusCode).toBe(201);
    expect(engine.lastConfig).toMatchObject({ regions: { subjects: true, rmac: 0 } });
  });

  it('come with a line of an import', async () => {
    const { app, engine } = await serveFake();
    await engine.default.put({ id: 'a', bytes: Buffer.from('1') });
    const { sequence, ...record } = await engine.default.get('a');
    const writes: ImageWrite[] = [];
    const put = engine.default.putDescribed.bind(engine.default);
    engine.default.putDescribed = (write) => (writes.push(write), put(write));
    const descriptor = encodeFloats(Float32Array.of(0.6, 0.8));
    const region = { box: { x: 0, y: 1, width: 2, height: 1 }, descriptor };
    const line = { op: 'import', fingerprint: 'f', ...record, descriptor, regions: [region] };
    const headers = { 'content-type': 'application/x-ndjson' };
    const url = '/v1/collections/default/images/batch';
    const response = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(line) });
    expect(response.json()).toMatchObject({ failed: 0 });
    expect(writes[0]!.regions).toEqual([{ box: region.box, descriptor: Float32Array.of(0.6, 0.8) }]);
  });
});
