import { describe, expect, it } from 'vitest';
import type { BatchResult } from '../../server/schemas.js';
import { readLines, type Line } from '../../server/lines.js';
import { DAMAGED } from './fake-engine.js';
import { multipartBody, serveFake } from './serve-fake.js';

const BATCH = '/v1/collections/default/images/batch';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const lines = (...items: unknown[]) => items.map((item) => JSON.stringify(item)).join('\n');

describe('a batch of NDJSON', () => {
  it('answers for each item in order; bad ones stop nobody', async () => {
    const { app, engine } = await serveFake();
    await engine.default.put({ id: 'old', bytes: Buffer.from('o') });
    const payload = [
      lines({ id: 'a', imageBase64: base64('1'), metadata: { n: 1 } }, { op: 'delete', id: 'old' }),
      'not json',
      '',
      lines({ id: 'bad', imageBase64: base64(DAMAGED) }, { op: 'delete', id: 'none' }, { id: 'x' }, { op: 'clear' }),
      lines({ id: 'a', imageBase64: base64('2') }, { imageBase64: base64('3') }),
    ].join('\n');
    const response = await app.inject({ method: 'POST', url: BATCH, headers: NDJSON, payload });
    const { items, failed } = response.json<{ items: BatchResult[]; failed: number }>();
    const summary = items.map(({ index, id, outcome, error }) => [index, id, outcome ?? error?.code]);
    expect(summary).toEqual([
      [0, 'a', 'added'],
      [1, 'old', 'deleted'],
      [2, undefined, 'invalid_json'],
      [3, 'bad', 'truncated_image'],
      [4, 'none', 'image_not_found'],
      [5, undefined, 'invalid_request'],
      [6, undefined, 'invalid_request'],
      [7, 'a', 'replaced'],
      [8, expect.stringContaining('made-'), 'added'],
    ]);
    expect(failed).toBe(5);
    expect(Buffer.from(engine.default.images.get('a')!.bytes).toString()).toBe('2');
  });

  it('does items of one id in their order', async () => {
    const { app, engine } = await serveFake();
    // putting takes longer than deleting, so without order the delete would come first
    engine.default.hold = new Promise((resolve) => setTimeout(resolve, 50));
    const payload = lines({ id: 'a', imageBase64: base64('1') }, { op: 'delete', id: 'a' });
    await app.inject({ method: 'POST', url: BATCH, headers: NDJSON, payload });
    expect(engine.default.images.size).toBe(0);
  });

  it('streams answers as lines where asked for', async () => {
    const { app } = await serveFake();
    const headers = { ...NDJSON, accept: 'application/x-ndjson' };
    const payload = lines({ id: 'a', imageBase64: base64('1') }, { id: 'b', imageBase64: base64('2') });
    const response = await app.inject({ method: 'POST', url: BATCH, headers, payload });
    expect(response.headers['content-type']).toBe('application/x-ndjson');
    const answers = response.body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as BatchResult).outcome);
    expect(answers).toEqual(['added', 'added']);
  });

  it('ends at the caps with a fault, and what was done stays done', async () => {
    const { app, engine } = await serveFake({ maxBatchImages: 2 });
    const item = (id: string) => ({ id, imageBase64: base64('1') });
    const many = await app.inject({
      method: 'POST',
      url: BATCH,
      headers: NDJSON,
      payload: lines(...'abc'.split('').map(item)),
    });
    expect(many.json()).toMatchObject({ failed: 1, items: [{}, {}, { index: 2, error: { code: 'invalid_request' } }] });
    expect([...engine.default.images.keys()]).toEqual(['a', 'b']);
    const long = lines({ id: 'long', imageBase64: 'A'.repeat(230_000) }, item('c'));
    const response = await app.inject({ method: 'POST', url: BATCH, headers: NDJSON, payload: long });
    expect(response.json()).toMatchObject({
      items: [{ error: { code: 'too_many_bytes' } }, { id: 'c', outcome: 'added' }],
    });
  });
});

describe('a batch of multipart', () => {
  it('takes ids and metadata from items before the files, else the file names', async () => {
    const { app, engine } = await serveFake();
    const body = multipartBody([
      { field: 'items', value: '[{"id":"first","metadata":{"n":1}},{}]' },
      { field: 'image', value: '1', filename: 'ignored.png' },
      { field: 'image', value: DAMAGED, filename: 'dir/damaged.png' },
      { field: 'image', value: '3', filename: 'dir/third.png' },
    ]);
    const response = await app.inject({ method: 'POST', url: BATCH, ...body });
    expect(response.json()).toMatchObject({
      failed: 1,
      items: [{ id: 'first' }, { id: 'dir/damaged.png', error: { code: 'truncated_image' } }, { id: 'dir/third.png' }],
    });
    expect(engine.default.images.get('first')?.record.metadata).toEqual({ n: 1 });
  });

  it('ends with a fault where the body is damaged', async () => {
    const { app, engine } = await serveFake();
    const { payload, headers } = multipartBody([{ field: 'image', value: '1', filename: 'a' }]);
    const torn = Buffer.concat([payload.subarray(0, payload.length - 4), Buffer.from('\r\ncontent-')]);
    const response = await app.inject({ method: 'POST', url: BATCH, headers, payload: torn });
    const { items } = response.json<{ items: BatchResult[] }>();
    expect(items.at(-1)?.error?.code).toBe('invalid_request');
    // what is not told of as stored may be sent again; what is told of is there
    expect(engine.default.images.size).toBe(items.length - 1);
  });
});

describe('lines', () => {
  const read = async (chunks: string[], maxLineBytes = 5) => {
    const found: Line[] = [];
    const stream = (async function* () {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
    })();
    for await (const line of readLines(stream, maxLineBytes, () => undefined)) found.push(line);
    return found;
  };

  it('are the same however the stream is cut', async () => {
    const text = 'ab\r\n\nü\nlonger\nlast';
    const expected = [{ text: 'ab' }, { text: 'ü' }, { tooLong: true }, { text: 'last' }];
    expect(await read([text])).toEqual(expected);
    expect(await read(Array.from(text))).toEqual(expected);
  });
});
