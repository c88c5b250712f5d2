import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LikenessClient } from '../../client/likeness-client.js';
import { ServerProcess } from '../../scripts/soak/likeness-process.js';
import { checkpoint } from '../../scripts/soak/phases/checkpoint.js';
import { rebuild } from '../../scripts/soak/phases/rebuild.js';
import { reembed } from '../../scripts/soak/phases/reembed.js';
import { drawLooks } from '../../scripts/soak/pictures.js';
import { soak } from './kill-support.js';

describe('after kill -9', () => {
  it.each([checkpoint, rebuild, reembed])(
    'amid a $name, what was acknowledged is there, once',
    async (phase) => {
      const report = await soak(phase, 3);
      expect(report.faults).toEqual([]);
      expect(report.cutRequests).toBeGreaterThan(1);
      expect(report.images).toBeGreaterThan(0);
    },
    120_000,
  );

  it('a checkpoint followed by delete and re-add gives the right answer', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'likeness-kill-'));
    let server = await ServerProcess.start(dataDir, { LIKENESS_CHECKPOINT_EVERY: '1' });
    try {
      await deleteAndReAdd(new LikenessClient({ url: server.url }));
      await server.kill();
      server = await ServerProcess.start(dataDir);
      await expectReAdded(new LikenessClient({ url: server.url }));
    } finally {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});

/** Three pictures; the first is saved, deleted and added again as the second's file, the third goes for good. */
async function deleteAndReAdd(client: LikenessClient): Promise<void> {
  const [a, b, c] = (await drawLooks(3)).map(({ bytes }) => bytes);
  await client.createCollection('graph', { index: { exactBelow: 0 } });
  await client.put('graph', { id: 'a', bytes: a! });
  const { sequence } = await client.put('graph', { id: 'c', bytes: c! });
  const saved = async () => (await client.collection('graph')).index?.generationSequence;
  await expect.poll(saved, { timeout: 20_000 }).toBe(sequence);
  await client.delete('graph', 'a');
  await client.delete('graph', 'c');
  await client.put('graph', { id: 'a', bytes: b!, metadata: { again: true } });
}

async function expectReAdded(client: LikenessClient): Promise<void> {
  const [a, b, c] = (await drawLooks(3)).map(({ bytes }) => bytes);
  expect(await client.collection('graph')).toMatchObject({ images: 1, nodes: 1, sequence: 5, index: { live: 1 } });
  for (const bytes of [a!, b!, c!]) {
    const { hits, plan } = await client.search('graph', { images: [bytes] }, { k: 5 });
    expect(hits.map(({ id, metadata }) => ({ id, metadata }))).toEqual([{ id: 'a', metadata: { again: true } }]);
    expect(plan).toBe('hnsw');
    expect(hits[0]!.score > 0.9999).toBe(bytes === b);
  }
}
