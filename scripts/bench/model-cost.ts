/**
 * What a picture costs by model: tensor, backbone and pooling on one thread, without decoding.
 *
 *     node dist/scripts/bench/model-cost.js MODEL... [--rounds 200]
 *
 * The models take turns, so that what else runs on the machine slows all of them alike; the ratios are to the first.
 */
import { parseArgs } from 'node:util';
import { Extraction } from '../../engine/extract.js';
import { modelKind } from '../../engine/model/manifest.js';
import type { LoadedManifest } from '../../engine/model/model-folder.js';
import { loadModel } from '../load-model.js';
import { textTable } from '../report/text-table.js';
import { median } from './median.js';

/** Runs that are not counted. */
const WARM_UP = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '200' }, 'data-dir': { type: 'string', default: './index-data' } },
});
if (positionals.length === 0) throw new Error('expected names of models');

const extraction = new Extraction();
const models: LoadedManifest[] = [];
for (const name of positionals) models.push(await loadModel(name, values['data-dir']));
const taken = models.map(() => [] as number[]);
for (let round = 0; round < Number(values.rounds) + WARM_UP; round++) {
  for (const [i, model] of models.entries()) {
    const ms = await describeOnce(model, round);
    if (round >= WARM_UP) taken[i]!.push(ms);
  }
}
await extraction.close();

const rows = models.map(({ manifest }, i) => {
  const ms = median(taken[i]!);
  const ratio = median(taken[i]!.map((it, round) => it / taken[0]![round]!));
  return [manifest.name, modelKind(manifest), ms.toFixed(2), i === 0 ? '1' : ratio.toFixed(2)];
});
console.log(textTable(['model', 'normalisation', 'ms a picture (median)', 'of the first (paired)'], rows));

async function describeOnce({ directory, manifest }: LoadedManifest, seed: number): Promise<number> {
  const { size } = manifest.preprocess;
  const data = Uint8Array.from({ length: 3 * size * size }, (_, i) => (i * 31 + ((i * i) >> 7) + seed * 17) & 255);
  const started = performance.now();
  await extraction.describe({ modelDirectory: directory, pixels: { width: size, height: size, data } });
  return performance.now() - started;
}
