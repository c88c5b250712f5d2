/**
 * Geometric verification by cells of a network's map in place of key points: cells are the local features, the strongest of
 * them with their cosine, the rest is the same (mutual nearest neighbours, ratio test, LO-RANSAC).
 *
 *     node dist/scripts/bench/map-geometry.js FOLDER [--model default] [--limit-per-class 10] [--top 10] [--cells 100] [--ratios 0.9,1]
 *
 * Asked are each picture for its class, and a crop of each (half of each side, anywhere) for its own picture; the `top` best
 * by descriptor are verified. The map is that of the picture at 2.25 times the model's size, as subjects are found.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LocalFeatures } from '../../engine/classical/matching/local-features.js';
import { verifyGeometry, verifyOptionsSchema } from '../../engine/classical/matching/verify-geometry.js';
import { MAX_POINTS } from '../../engine/classical/classical-thread.js';
import { siftFeatures } from '../../engine/classical/sift/sift-features.js';
import { KEY_POINT_VIEW } from '../../engine/collection/picture-features.js';
import { REGION_VIEW_SCALE } from '../../engine/collection/region-describer.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { ExactGallery, type DescribedItem } from '../../engine/evaluate/ranking.js';
import { cropAt } from '../../engine/evaluate/transforms/geometry.js';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { preprocessPixels } from '../../engine/image/raw-pixels.js';
import { planWholeView } from '../../engine/image/resize-plan.js';
import { pixelsToTensor } from '../../engine/image/tensor.js';
import { Session } from '../../engine/model/session.js';
import { geometricScores } from '../../engine/ranking/geometric.js';
import { seededRandom } from '../../engine/seeded-random.js';
import type { FeatureMap, Pixels } from '../../engine/types.js';
import { userPath } from '../cli-paths.js';
import { limitPerClass } from '../evaluation/limit-per-class.js';
import { loadNetwork } from '../load-model.js';
import { textTable } from '../report/text-table.js';
import { judgeByLabel } from './judge-by-label.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    'data-dir': { type: 'string', default: './index-data' },
    'limit-per-class': { type: 'string', default: '10' },
    top: { type: 'string', default: '10' },
    cells: { type: 'string', default: '100' },
    ratios: { type: 'string', default: '0.9,1' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of labelled pictures');

const limits = imageLimitsSchema.parse({});
const { directory, manifest } = await loadNetwork(values.model, values['data-dir']);
const session = await Session.open(join(directory, manifest.file), manifest);
const extractor = new Extractor({ threads: 1 });

/** Fewer inliers are chance. */
const LEAST = [4, 6, 8];
/** Which local features are matched, and how. Cells lie on a grid of about 1/15 of the picture, so a match misses by half of that. */
const VERIFIERS = [
  { name: 'sift', kind: 'sift' as const, options: verifyOptionsSchema.parse({}) },
  ...values.ratios.split(',').map((ratio) => ({
    name: `map, ratio ${ratio}`,
    kind: 'map' as const,
    options: verifyOptionsSchema.parse({ ratio: Number(ratio), tolerance: 0.06 }),
  })),
];
type Verifier = (typeof VERIFIERS)[number];

/** A picture with what is known of it. */
interface Known extends DescribedItem {
  sift: LocalFeatures;
  map: LocalFeatures;
}

/** The answer to a query by descriptor, and the inliers of its best. */
interface Answer {
  order: number[];
  scores: Float32Array;
  inliers: number[];
}

const items = limitPerClass(await listLabelledFolder(userPath(folder)), Number(values['limit-per-class']));
const gallery: Known[] = [];
const crops: Known[] = [];
for (const [i, { id, label, path }] of items.entries()) {
  const { pixels } = await decodeImage(await readFile(path), { limits, preprocess: KEY_POINT_VIEW });
  const random = seededRandom(i);
  gallery.push(await look(id, label, pixels));
  crops.push(await look(id, label, await cropAt('crop', 0.5, [random(), random()]).apply(pixels)));
}
await extractor.close();
const exact = new ExactGallery(gallery);
const asked = gallery.map((query, own) => answerTo(query, own));
const asCrops = crops.map((crop) => answerTo(crop, undefined));
const rows = [['none', '', mean(asked.map(apOf)), mean(asCrops.map(hitOf)), '']];
for (const verifier of VERIFIERS) {
  const started = performance.now();
  const verified = [asked.map((answer, i) => verify(answer, gallery[i]!, verifier))];
  verified.push(asCrops.map((answer, i) => verify(answer, crops[i]!, verifier)));
  const ms = (performance.now() - started) / (2 * items.length * Number(values.top));
  for (const least of LEAST) {
    const [classes, own] = verified.map((answers) => answers.map((answer) => ranked(answer, least)));
    rows.push([verifier.name, String(least), mean(classes!.map(apOf)), mean(own!.map(hitOf)), ms.toFixed(1)]);
  }
}
await session.close();
console.log(`${items.length} pictures, the ${values.top} best verified, model ${manifest.name}`);
console.log(textTable(['verified by', 'inliers', 'mAP of the class', 'crop: R@1 of its picture', 'ms a pair'], rows));

async function look(id: string, label: string, pixels: Pixels): Promise<Known> {
  const cut = await preprocessPixels(copyOf(pixels), manifest.preprocess);
  const { descriptor: vector } = await extractor.describe(directory, cut);
  return { id, label, vector, sift: siftFeatures(pixels, { maxPoints: MAX_POINTS }), map: await mapFeatures(pixels) };
}

function answerTo(query: Known, own: number | undefined): Answer {
  const { order, scores } = exact.rank([query])[0]!;
  return { order: [...order].filter((position) => position !== own), scores, inliers: [] };
}

function verify(answer: Answer, query: Known, { kind, options }: Verifier): Answer {
  const best = answer.order.slice(0, Number(values.top));
  return { ...answer, inliers: best.map((p) => verifyGeometry(query[kind], gallery[p]![kind], options).inliers) };
}

/** @returns the answer with the best that were verified in the order of their inliers. */
function ranked({ order, scores, inliers }: Answer, least: number): Answer {
  const best = order.slice(0, inliers.length);
  const again = geometricScores(
    inliers,
    best.map((position) => scores[position]!),
    least,
  );
  const sorted = best.map((position, i) => ({ position, score: again[i]! })).sort((a, b) => b.score - a.score);
  return { order: [...sorted.map(({ position }) => position), ...order.slice(best.length)], scores, inliers: [] };
}

/** @param query place of the query in the gallery. */
function apOf({ order }: Answer, query: number): number {
  return finiteSumAp(judgeByLabel(order, gallery, gallery[query]!.label));
}

function hitOf({ order }: Answer, query: number): number {
  return Number(order[0] === query);
}

/** The strongest cells of the map over a picture, their mean taken off, each of length 1. */
async function mapFeatures(pixels: Pixels): Promise<LocalFeatures> {
  const { width, height } = planWholeView(pixels.width, pixels.height, manifest.preprocess, REGION_VIEW_SCALE);
  const stretched = {
    ...manifest.preprocess,
    policy: 'stretch' as const,
    size: Math.max(width, height),
    scales: undefined,
  };
  const seen = await preprocessPixels(copyOf(pixels), stretched);
  const map = await session.run(pixelsToTensor(seen, manifest.input), seen.height, seen.width);
  return strongestCells(map, pixels, Number(values.cells));
}

function strongestCells({ channels, height, width, data }: FeatureMap, pixels: Pixels, count: number): LocalFeatures {
  const cells = height * width;
  const means = Float64Array.from({ length: channels }, (_, c) => meanOf(data.subarray(c * cells, (c + 1) * cells)));
  const strength = Float64Array.from({ length: cells }, (_, cell) => {
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += data[c * cells + cell]! ** 2;
    return squares;
  });
  const chosen = [...strength.keys()].sort((a, b) => strength[b]! - strength[a]!).slice(0, count);
  const points = new Float32Array(2 * chosen.length);
  const descriptors = new Float32Array(channels * chosen.length);
  chosen.forEach((cell, i) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    points.set([((column + 0.5) * pixels.width) / width, ((row + 0.5) * pixels.height) / height], 2 * i);
    const own = Float32Array.from({ length: channels }, (_, c) => data[c * cells + cell]! - means[c]!);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1;
    descriptors.set(
      own.map((value) => value / length),
      i * channels,
    );
  });
  return { width: pixels.width, height: pixels.height, points, descriptors, dimension: channels };
}

/** The extractor takes the pixels along. */
function copyOf(pixels: Pixels): Pixels {
  return { ...pixels, data: new Uint8Array(pixels.data) };
}

function meanOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum / numbers.length;
}

function mean(numbers: number[]): string {
  return meanOf(numbers).toFixed(3);
}
