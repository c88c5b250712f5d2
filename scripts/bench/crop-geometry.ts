/**
 * Whether common key points tell a crop from other pictures where descriptor and hash do not: crops of pictures of a folder
 * as `calibrate` makes them (70 to 95 % of each side, anywhere), against all of the folder.
 *
 *     node dist/scripts/bench/crop-geometry.js FOLDER [--model default] [--pictures 100]
 *
 * Looked at are a crop and its own picture, if that is among the 10 nearest descriptors and nearer than one in 1,000 pairs of the
 * folder (what `dedupe --geometry` looks at), a crop and its five nearest others, and a crop and random others.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { verifyGeometry, verifyOptionsSchema } from '../../engine/classical/matching/verify-geometry.js';
import type { LocalFeatures } from '../../engine/classical/matching/local-features.js';
import { MAX_POINTS } from '../../engine/classical/classical-thread.js';
import { siftFeatures } from '../../engine/classical/sift/sift-features.js';
import { KEY_POINT_VIEW } from '../../engine/collection/picture-features.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { ExactGallery, type DescribedItem } from '../../engine/evaluate/ranking.js';
import { cropAt } from '../../engine/evaluate/transforms/geometry.js';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { preprocessPixels } from '../../engine/image/raw-pixels.js';
import { seededRandom } from '../../engine/seeded-random.js';
import type { Pixels } from '../../engine/types.js';
import { userPath } from '../cli-paths.js';
import { evenlySpread } from '../commands/measured-pictures.js';
import { loadModel } from '../load-model.js';
import { textTable } from '../report/text-table.js';

const [LOOKED_AT, NEAREST, RANDOM] = [10, 5, 20];
/** Share of pairs whose cosine passes for similar. */
const BACKGROUND = 1 / 1000;
/** Inliers from which on two pictures count as copies. */
const LEAST = [8, 10, 12, 16, 20];
const limits = imageLimitsSchema.parse({});
const verifying = verifyOptionsSchema.parse({});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    'data-dir': { type: 'string', default: './index-data' },
    pictures: { type: 'string', default: '100' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of pictures');

const { directory, manifest } = await loadModel(values.model, values['data-dir']);
const extractor = new Extractor();
const items = await listLabelledFolder(userPath(folder));
const gallery: DescribedItem[] = [];
for (const { id, label, path } of items) {
  const { pixels } = await decodeImage(await readFile(path), { limits, preprocess: manifest.preprocess });
  gallery.push({ id, label, vector: (await extractor.describe(directory, pixels)).descriptor });
}
const exact = new ExactGallery(gallery);
const similar = similarCosine();
const features = new Map<number, LocalFeatures>();
/** Inliers of pairs of each kind; of a crop whose own picture is not looked at there are none. */
const found: Record<'own' | 'near' | 'random', number[]> = { own: [], near: [], random: [] };
let lookedAt = 0;
const asked = evenlySpread([...items.keys()], Number(values.pictures));
for (const own of asked) {
  const random = seededRandom(own);
  const crop = await cropOf(await read(own), random);
  const { order, scores } = await nearestTo(crop);
  const points = siftFeatures(crop, { maxPoints: MAX_POINTS });
  const isLookedAt = order.slice(0, LOOKED_AT).includes(own) && scores[own]! >= similar;
  lookedAt += Number(isLookedAt);
  found.own.push(isLookedAt ? await inliers(points, own) : 0);
  const others = order.filter((position) => position !== own);
  for (const position of others.slice(0, NEAREST)) found.near.push(await inliers(points, position));
  for (let i = 0; i < RANDOM; i++) found.random.push(await inliers(points, others[(random() * others.length) | 0]!));
}
await extractor.close();
console.log(`${asked.length} crops of ${items.length} pictures; of ${lookedAt} the own picture would be looked at`);
console.log(
  textTable(
    ['inliers', 'crops found', 'of their 5 nearest others, in 1,000', 'of random pairs, in 1,000'],
    LEAST.map((least) => [
      `${least} or more`,
      shareOf(found.own, least).toFixed(2),
      (1000 * shareOf(found.near, least)).toFixed(1),
      (1000 * shareOf(found.random, least)).toFixed(1),
    ]),
  ),
);
console.log(`${found.near.length} pairs with near others, ${found.random.length} random ones`);

async function read(position: number): Promise<Pixels> {
  return (await decodeImage(await readFile(items[position]!.path), { limits, preprocess: KEY_POINT_VIEW })).pixels;
}

async function cropOf(pixels: Pixels, random: () => number): Promise<Pixels> {
  return cropAt('crop', 0.7 + 0.25 * random(), [random(), random()]).apply(pixels);
}

/** @returns positions of the gallery, the nearest first. */
async function nearestTo(crop: Pixels): Promise<{ order: number[]; scores: Float32Array }> {
  const pixels = await preprocessPixels({ ...crop, data: new Uint8Array(crop.data) }, manifest.preprocess);
  const { descriptor: vector } = await extractor.describe(directory, pixels);
  const { order, scores } = exact.rank([{ id: '', label: '', vector }])[0]!;
  return { order: [...order], scores };
}

/** @returns the cosine that one in 1,000 pairs of the folder reaches. */
function similarCosine(): number {
  const cosines = gallery.flatMap((item, own) => [...exact.rank([item])[0]!.scores.subarray(0, own)]);
  cosines.sort((a, b) => b - a);
  return cosines[Math.floor(BACKGROUND * cosines.length)]!;
}

async function inliers(points: LocalFeatures, position: number): Promise<number> {
  const known = features.get(position) ?? siftFeatures(await read(position), { maxPoints: MAX_POINTS });
  features.set(position, known);
  return verifyGeometry(points, known, verifying).inliers;
}

function shareOf(counts: number[], least: number): number {
  return counts.filter((count) => count >= least).length / counts.length;
}
