import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { engineConfigSchema } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { ServerProcess } from '../../scripts/soak/likeness-process.js';
import { putVector } from '../support/engine.js';
import { drawPicture } from '../support/pictures.js';
import { randomUnit, seededRandom } from '../support/vectors.js';

/** @returns a folder on a small disk of its own, or undefined where mounting is not permitted. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    console.log(`disk-full tests are skipped: no small disk can be mounted here (${String(error)})`);
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

/** Fills the disk but for `freeBytes`. @returns frees it again */
function fillDisk(folder: string, freeBytes: number): () => void {
  const path = join(folder, 'ballast');
  const file = openSync(path, 'w');
  const { bavail, bsize } = statfsSync(folder);
  const piece = Buffer.alloc(bsize);
  try {
    for (let left = bavail * bsize - freeBytes; left > 0; left -= bsize) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
  return () => rmSync(path);
}

const disk = mountSmallDisk();
afterAll(() => {
  if (disk === undefined) return;
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(disk === undefined)('on a full disk', () => {
  let folder: string;
  beforeAll(() => {
    folder = disk ?? '';
  });

  it('a put is refused with 507, reads go on, and puts work again once there is room', async () => {
    const dataDir = join(folder, 'server');
    const pictures = await Promise.all([1, 2, 3, 4, 5].map((seed) => drawPicture(seed)));
    const [first, second] = [pictures[0]!, pictures[1]!];
    let server = await ServerProcess.start(dataDir);
    let client = new LikenessClient({ url: server.url, retries: 0 });
    const acknowledged = new Set<string>();
    const put = async (id: string, bytes: Uint8Array) => {
      await client.put('default', { id, bytes });
      acknowledged.add(id);
    };
    try {
      await put('before', first);
      const free = fillDisk(folder, 0);
      const full = { code: 'disk_full', details: { status: 507 } };
      for (const [i, bytes] of pictures.slice(1).entries()) {
        await expect(put(`full${i}`, bytes)).rejects.toMatchObject(full);
      }
      expect((await client.search('default', { images: [first] })).hits[0]).toMatchObject({ id: 'before' });
      free();
      await put('after', second);
      await server.kill();
      server = await ServerProcess.start(dataDir);
      client = new LikenessClient({ url: server.url, retries: 0 });
      const ids = [];
      for await (const { id } of client.list('default')) ids.push(id);
      expect(new Set(ids)).toEqual(acknowledged);
      expect(await client.collection('default')).toMatchObject({ images: 2, nodes: 2, index: { live: 2 } });
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true });
    }
  }, 120_000);

  it('a checkpoint fails, keeps the graph before it, and leaves nothing half written', async () => {
    const dataDir = join(folder, 'engine');
    const config = engineConfigSchema.parse({ dataDir, inferenceThreads: 1 });
    let engine = await Engine.open(config, { command: 'test' });
    try {
      const collection = engine.get('default');
      const random = seededRandom(1);
      const generations = () => readdirSync(collection.paths.generations(1));
      const add = async (id: string) => {
        const sequence = await putVector(collection, id, randomUnit(256, random));
        await collection.epoch.index.reach(sequence, 10_000);
      };
      for (let i = 0; i < 300; i++) await add(`a${i}`);
      await collection.checkpoint();
      const before = generations();
      await add('b');
      const free = fillDisk(folder, 200_000);
      await expect(collection.checkpoint()).rejects.toMatchObject({ code: 'disk_full' });
      expect(generations()).toEqual(before);
      expect(await collection.info()).toMatchObject({ images: 301, index: { live: 301 } });
      free();
      await add('c');
      await collection.checkpoint();
      expect(generations()).toHaveLength(2);
      await engine.close();
      engine = await Engine.open(config, { command: 'test' });
      expect(await engine.get('default').info()).toMatchObject({ images: 302, index: { live: 302 } });
    } finally {
      await engine.close();
      rmSync(dataDir, { recursive: true });
    }
  }, 120_000);
});
