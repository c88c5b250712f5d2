/**
 * What a mask gives where something covers a part of a query: each picture of a folder (a sub-folder a class) asks for its
 * class as it is, with a part painted over by a picture of another class, and the same with that part masked.
 *
 *     node dist/scripts/bench/masked-queries.js FOLDER [--model default] [--queries 400]
 *
 * The part is a rectangle of the picture's proportions at a random place. mAP counts all but the query's own picture.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { bootstrapMean, bootstrapOptionsSchema } from '../../engine/evaluate/bootstrap.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { ExactGallery, type DescribedItem } from '../../engine/evaluate/ranking.js';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { coverPixels } from '../../engine/image/mask.js';
import { seededRandom } from '../../engine/seeded-random.js';
import type { Pixels } from '../../engine/types.js';
import { userPath } from '../cli-paths.js';
import { evenlySpread } from '../commands/measured-pictures.js';
import { loadModel } from '../load-model.js';
import { textTable } from '../report/text-table.js';
import { judgeByLabel } from './judge-by-label.js';

/** Of a picture's area that is painted over. */
const SHARES = [0.1, 0.25, 0.5];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    'data-dir': { type: 'string', default: './index-data' },
    queries: { type: 'string', default: '400' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of labelled pictures');

const { directory, manifest } = await loadModel(values.model, values['data-dir']);
const extractor = new Extractor();
const items = await listLabelledFolder(userPath(folder));
const gallery: DescribedItem[] = [];
for (const { id, label, path } of items) gallery.push({ id, label, vector: await describe(await read(path)) });
const exact = new ExactGallery(gallery);
const asked = evenlySpread([...items.keys()], Number(values.queries));
const rows = [['as it is', inWords(asked.map((own) => apOf(own, gallery[own]!.vector)))]];
for (const share of SHARES) {
  const [painted, masked]: [number[], number[]] = [[], []];
  for (const own of asked) {
    const { pixels, mask } = await paintOver(own, share);
    masked.push(apOf(own, await describe(coverPixels(pixels, mask))));
    painted.push(apOf(own, await describe(pixels)));
  }
  rows.push([`${share} of it painted over`, inWords(painted)], [`${share} painted over and masked`, inWords(masked)]);
}
await extractor.close();
console.log(`${items.length} pictures, ${asked.length} of them ask, model ${manifest.name}`);
console.log(textTable(['query', 'mAP (95 %)'], rows));

async function read(path: string): Promise<Pixels> {
  const { preprocess } = manifest;
  return (await decodeImage(await readFile(path), { limits: imageLimitsSchema.parse({}), preprocess })).pixels;
}

async function describe(pixels: Pixels): Promise<Float32Array> {
  return (await extractor.describe(directory, pixels)).descriptor;
}

/** @returns a picture with a part of another one in it, and a mask that is black there. */
async function paintOver(own: number, share: number): Promise<{ pixels: Pixels; mask: Uint8Array }> {
  const random = seededRandom(own);
  const others = items.filter(({ label }) => label !== items[own]!.label);
  const [pixels, other] = [await read(items[own]!.path), await read(others[(own * 7919) % others.length]!.path)];
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.round(side * Math.sqrt(share)));
  const [left, top] = [pixels.width - width!, pixels.height - height!].map((room) => Math.floor(random() * (room + 1)));
  const data = new Uint8Array(pixels.data);
  const mask = new Uint8Array(pixels.width * pixels.height).fill(255);
  for (let y = 0; y < height!; y++) {
    const from = ((y * other.height) / height!) | 0;
    for (let x = 0; x < width!; x++) {
      const source = (from * other.width + (((x * other.width) / width!) | 0)) * 3;
      const at = (top! + y) * pixels.width + left! + x;
      data.set(other.data.subarray(source, source + 3), at * 3);
      mask[at] = 0;
    }
  }
  return { pixels: { ...pixels, data }, mask };
}

/** @returns the average precision of a query, its own picture left out. */
function apOf(own: number, vector: Float32Array): number {
  const { order } = exact.rank([{ ...gallery[own]!, vector }])[0]!;
  const others = [...order].filter((position) => position !== own);
  return finiteSumAp(judgeByLabel(others, gallery, gallery[own]!.label));
}

function inWords(aps: number[]): string {
  const { mean, low, high } = bootstrapMean(aps, bootstrapOptionsSchema.parse({}));
  return `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
