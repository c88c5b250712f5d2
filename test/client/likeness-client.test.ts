import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { listenFake } from '../server/serve-fake.js';

const picture = (text: string) => new Uint8Array(Buffer.from(text));

describe('the client', () => {
  it('does what the server offers', async () => {
    const { url, engine } = await listenFake({ writeKeys: ['secret'] });
    const client = new LikenessClient({ url: `${url}/`, apiKey: 'secret' });
    await client.createCollection('shoes', { keepOriginals: false });
    expect((await client.collections()).map(({ name }) => name)).toEqual(['default', 'shoes']);
    await client.deleteCollection('shoes');

    const source = { kind: 'file' as const, path: '/x/a.png', mtimeMs: 5 };
    const put = await client.put('default', { id: 'dir/a b.png', bytes: picture('r1'), metadata: { n: 1 }, source });
    expect(put).toMatchObject({ outcome: 'added', image: { id: 'dir/a b.png', source } });
    const metadata = { text: 'ü'.repeat(3000) };
    expect((await client.put('default', { id: 'long', bytes: picture('b1'), metadata })).image.metadata).toEqual(
      metadata,
    );
    expect((await client.put('default', { bytes: picture('g1') })).image.id).toBe('made-3');

    const batch = await client.batch('default', [
      { id: 'x/1', bytes: picture('x'), metadata: { n: 2 } },
      { id: 'x/2', bytes: picture('damaged') },
    ]);
    expect(batch).toMatchObject([
      { id: 'x/1', outcome: 'added' },
      { id: 'x/2', error: { code: 'truncated_image' } },
    ]);
    expect(engine.default.images.get('x/1')?.record.metadata).toEqual({ n: 2 });

    const ids: string[] = [];
    for await (const { id } of client.list('default', { pageSize: 2, filter: {} })) ids.push(id);
    expect(ids).toEqual(['dir/a b.png', 'long', 'made-3', 'x/1']);

    const record = await client.get('default', 'dir/a b.png');
    expect(await client.exists('default', [record.contentHash])).toEqual({ [record.contentHash]: ['dir/a b.png'] });
    expect((await client.patch('default', 'long', { n: null })).image.metadata).toHaveProperty('n', null);
    expect(Buffer.from(await client.original('default', 'dir/a b.png')).toString()).toBe('r1');
    expect((await client.thumbnail('default', 'long', 64)).length).toBe(2);

    const found = await client.search('default', { images: [picture('r2')] }, { k: 1, filter: { n: 1 } });
    expect(found.hits).toMatchObject([{ id: 'dir/a b.png', score: 1 }]);
    const blob = new Blob([picture('blob')]);
    expect((await client.put('default', { id: 'blob', bytes: blob })).image.contentHash).not.toBe(record.contentHash);
    await client.search('default', { images: [blob] });
    const all: string[] = [];
    for await (const { id } of client.hits('default', { images: [blob] }, { k: 2 })) all.push(id);
    expect(all.slice().sort()).toEqual(['blob', 'dir/a b.png', 'long', 'made-3', 'x/1']);
    await client.search('default', { images: [picture('r1'), picture('r2')], masks: [undefined, picture('m')] });
    expect(engine.default.lastSearch?.queries).toMatchObject([{}, { mask: Buffer.from('m') }]);
    await client.delete('default', 'blob');
    await client.search('default', { id: 'long' }, { include: [] });
    expect(engine.default.lastSearch?.queries).toEqual([{ kind: 'id', id: 'long' }]);
    await client.search('default', { queries: [{ id: 'long' }, { id: 'x/1', weight: -1 }] });
    expect(engine.default.lastSearch?.queries).toMatchObject([{ id: 'long' }, { id: 'x/1', weight: -1 }]);
    const again = await client.searchAgain('default', found.queryId!, { k: 2, offset: 1, include: ['image'] });
    expect(again).toMatchObject({ queryId: found.queryId, hits: [{ image: { width: 4 } }, { image: { width: 4 } }] });
    expect(engine.default.lastSearch).toMatchObject({ k: 2, offset: 1 });
    const chosen = { queryId: found.queryId!, shown: ['long'], clicked: [] };
    expect(await client.feedback('default', chosen)).toMatchObject({ id: 'stored' });
    expect(engine.default.feedback).toEqual([chosen]);
    const features = await client.features('default', picture('r'), { region: { x: 0, y: 0, width: 1, height: 1 } });
    expect(features.dimension).toBe(2);
    const { subjects } = await client.subjects('default', picture('r'));
    expect(subjects).toEqual([{ box: { x: 1, y: 1, width: 2, height: 1 }, score: 0.5 }]);

    await client.delete('default', 'long');
    await expect(client.get('default', 'long')).rejects.toMatchObject({
      name: 'LikenessError',
      code: 'image_not_found',
    });
    await expect(new LikenessClient({ url }).collections()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  const serve = async (handler: RequestListener): Promise<string> => {
    const server = createServer(handler).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const busy =
    (code: string, status = 503): RequestListener =>
    (_request, response) => {
      response.writeHead(status, { 'retry-after': '7' }).end(JSON.stringify({ code, detail: 'later' }));
    };

  it('tries again when the server is busy, not before Retry-After', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked += 1;
      if (asked < 3) busy('overloaded')(request, response);
      else response.end('{"collections":[]}');
    });
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    expect(await new LikenessClient({ url, sleep }).collections()).toEqual([]);
    expect(waits.map((ms) => ms >= 7000)).toEqual([true, true]);
    asked = -10;
    await expect(new LikenessClient({ url, sleep, retries: 1 }).collections()).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(waits.length).toBe(3);
  });

  it('does not wait for what does not pass', async () => {
    const url = await serve(busy('collection_quarantined'));
    const sleep = (): Promise<void> => Promise.reject(new Error('waited'));
    await expect(new LikenessClient({ url, sleep }).collection('x')).rejects.toMatchObject({
      code: 'collection_quarantined',
    });
  });

  it('gives up waiting when its signal aborts', async () => {
    const url = await serve(busy('rate_limited', 429));
    const controller = new AbortController();
    const searching = new LikenessClient({ url }).search('x', { id: 'a' }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(searching).rejects.toThrow('enough');
  });

  it('tells when the server cannot be reached', async () => {
    const client = new LikenessClient({ url: 'http://127.0.0.1:9' });
    await expect(client.collections()).rejects.toThrow('the server at http://127.0.0.1:9 cannot be reached');
  });
});
