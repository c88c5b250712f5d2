import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { serverConfigSchema } from '../../server/config.js';
import { startServer, type RunningServer } from '../../server/main.js';

/** Noise of a seed, shaped by a colour: plain enough to be quick, varied enough to have a descriptor. */
async function picture(seed: number, background: string): Promise<Uint8Array> {
  const width = 96;
  const noise = Buffer.from(Array.from({ length: width * width }, (_, i) => ((i * seed * 7919) >> 3) & 255));
  const texture = await sharp(noise, { raw: { width, height: width, channels: 1 } })
    .png()
    .toBuffer();
  const canvas = sharp({ create: { width: 160, height: 120, channels: 3, background } });
  return new Uint8Array(
    await canvas
      .composite([{ input: texture, left: 20, top: 10 }])
      .jpeg()
      .toBuffer(),
  );
}

async function start(dataDir: string): Promise<RunningServer> {
  const config = serverConfigSchema.parse({ dataDir, port: 0, logLevel: 'silent', inferenceThreads: 1 });
  const server = await startServer(config);
  onTestFinished(() => server.close());
  return server;
}

async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-server-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

describe('a server over the real engine', () => {
  it('stores, finds, and has everything again after a restart', async () => {
    const dataDir = await newDataDir();
    const server = await start(dataDir);
    await server.ready;
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await readFile(join(dataDir, 'holder.json'), 'utf8')).toContain(server.url);
    const client = new LikenessClient({ url: server.url });
    const red = await picture(3, '#c02020');
    await client.put('default', { id: 'shop/red', bytes: red, metadata: { colour: 'red' } });
    const { sequence } = await client.put('default', { id: 'shop/blue', bytes: await picture(11, '#2020c0') });
    const check = async (asked: LikenessClient): Promise<void> => {
      const found = await asked.search(
        'default',
        { images: [red] },
        { k: 2, minSequence: sequence, include: ['metadata'] },
      );
      expect(found.hits[0]).toMatchObject({ id: 'shop/red', metadata: { colour: 'red' } });
      expect(found.hits[0]!.score).toBeGreaterThan(0.999);
      expect(found.queries).toMatchObject([{ kind: 'image', width: 160, height: 120, orientation: 1 }]);
      expect(Object.keys(found.timings)).toEqual(expect.arrayContaining(['decode', 'inference', 'search']));
      const filtered = await asked.search('default', { id: 'shop/blue' }, { filter: { colour: 'red' } });
      expect(filtered).toMatchObject({ plan: 'exact-filtered', hits: [{ id: 'shop/red' }] });
      const features = await asked.features('default', red);
      const { fingerprint } = features;
      const again = await asked.search('default', { descriptor: features.descriptor, fingerprint }, { k: 1 });
      expect(again.hits[0]!.id).toBe('shop/red');
      expect(Buffer.from(await asked.original('default', 'shop/red')).equals(Buffer.from(red))).toBe(true);
      expect((await asked.thumbnail('default', 'shop/red', 32)).length).toBeGreaterThan(20);
    };
    await check(client);
    await server.close();
    const second = await start(dataDir);
    await second.ready;
    await check(new LikenessClient({ url: second.url }));
  });

  it('finishes what runs before it goes', async () => {
    const server = await start(await newDataDir());
    await server.ready;
    const body = await picture(5, '#20c020');
    const { hostname, port } = new URL(server.url);
    const path = '/v1/collections/default/images/late';
    const headers = { 'content-type': 'image/jpeg', 'content-length': body.length };
    const upload = request({ hostname, port, path, method: 'PUT', headers });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      upload.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    await new Promise<void>((resolve) => void upload.write(body.subarray(0, 100), () => resolve()));
    // the head of the request has come in once it holds a slot
    while (!(await (await fetch(`${server.url}/metrics`)).text()).includes('\nlikeness_requests_running 1\n'));
    const closed = server.close();
    upload.end(body.subarray(100));
    expect(await answered).toBe(201);
    await closed;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  it('is refused a data directory that another holds, and leaves it alone', async () => {
    const dataDir = await newDataDir();
    const first = await start(dataDir);
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'data_dir_locked', details: { url: first.url } });
    await first.ready;
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });
});
