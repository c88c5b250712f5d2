/**
 * What a picture costs by model: tensor, backbone and pooling on one thread, without decoding.
 *
 *     node dist/scripts/bench/model-cost.js MODEL... [--rounds 200] [--images FOLDER]
 *
 * The pictures are noise of the size that the model takes, or those of a folder, evenly spread: key points are many in noise.
 * The models take turns, so that what else runs on the machine slows all of them alike; the ratios are to the first.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Extraction } from '../../engine/extract.js';
import { decodeImage } from '../../engine/image/decode.js';
import { modelKind } from '../../engine/model/manifest.js';
import type { LoadedManifest } from '../../engine/model/model-folder.js';
import type { Pixels } from '../../engine/types.js';
import { loadModel } from '../load-model.js';
import { evenlySpread } from '../commands/measured-pictures.js';
import { readIndexItems } from '../indexing/index-items.js';
import { textTable } from '../report/text-table.js';
import { median } from './median.js';

const LIMITS = { maxBytes: 1e8, maxPixels: 1e8, timeoutMs: 60_000 };
/** Runs that are not counted. */
const WARM_UP = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '200' },
    'data-dir': { type: 'string', default: './index-data' },
    images: { type: 'string' },
  },
});
if (positionals.length === 0) throw new Error('expected names of models');

const rounds = Number(values.rounds) + WARM_UP;
const pictures = values.images === undefined ? undefined : await readPictures(values.images, rounds);
const extraction = new Extraction();
const models: LoadedManifest[] = [];
for (const name of positionals) models.push(await loadModel(name, values['data-dir']));
const taken = models.map(() => [] as number[]);
for (let round = 0; round < rounds; round++) {
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

async function describeOnce({ directory, manifest }: LoadedManifest, round: number): Promise<number> {
  const bytes = pictures?.[round % pictures.length];
  const { preprocess } = manifest;
  const pixels =
    bytes === undefined
      ? noise(preprocess.size, round)
      : (await decodeImage(bytes, { limits: LIMITS, preprocess })).pixels;
  const started = performance.now();
  await extraction.describe({ modelDirectory: directory, pixels });
  return performance.now() - started;
}

function noise(size: number, seed: number): Pixels {
  const data = Uint8Array.from({ length: 3 * size * size }, (_, i) => (i * 31 + ((i * i) >> 7) + seed * 17) & 255);
  return { width: size, height: size, data };
}

async function readPictures(folder: string, count: number): Promise<Uint8Array[]> {
  const { items } = await readIndexItems(folder);
  const paths = items.flatMap((item) => (item.op === 'add' ? [item.path] : []));
  return Promise.all(evenlySpread(paths, count).map((path) => readFile(path)));
}
