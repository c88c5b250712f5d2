import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../engine/package-root.js';
import { killAmid, waitUntil } from '../kill-amid.js';
import { hasReadyShadow, hasShadow } from '../on-disk.js';
import type { Phase } from '../round.js';
import { runWriters } from '../writers.js';

/** Writers, while every image is described again by the other of two models. */
export const reembed: Phase = {
  name: 'reembed',
  environment: {},
  prepare: installSecondModel,
  interrupt: async (round) => {
    const { client, collection } = round;
    const { model } = await client.collection(collection);
    const other = model === 'second' ? 'default' : 'second';
    const load = runWriters(round);
    await client.startJob(collection, { kind: 'reembed', model: other });
    await waitUntil(() => hasShadow(round), 5000);
    const isLate = round.random.chance(0.6);
    // late: about when the models are swapped
    if (isLate) await waitUntil(() => hasReadyShadow(round) || !hasShadow(round), 30_000);
    await killAmid(round, [load], isLate ? 1500 : 800);
    return hasShadow(round);
  },
};

/** The bundled model without its projection. */
async function installSecondModel(dataDir: string): Promise<void> {
  const bundled = join(packageRoot(), 'models', 'first');
  const directory = join(dataDir, 'models', 'second');
  await cp(bundled, directory, { recursive: true });
  const manifest = JSON.parse(await readFile(join(bundled, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  const changed = { ...manifest, name: 'second', chain: [{ stage: 'gem', p: 3 }, { stage: 'l2' }], dimension: 512 };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(changed));
}
