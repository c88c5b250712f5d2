/**
 * Geometric verification by cells of a network's map in place of key points: cells are the local features, the strongest of
 * them with their cosine, the rest is the same (mutual nearest neighbours, ratio test, LO-RANSAC).
 *
 *     node dist/scripts/bench/map-geometry.js FOLDER [--model default] [--limit-per-class 10] [--top 10] [--cells 100] [--ratio 0.95]
 *
 * Asked are each picture for its class, and a crop of each (half of each side, anywhere) for its own picture; the `top` best
 * by descriptor are verified. The map is that of the picture at 2.25 times the model's size, as subjects are found.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LocalFeatures } from '../../engine/classical/matching/local-features.js';
import { verifyGeometry, verifyOptionsSchema } from '../../engine/classical/matching/verify-geometry.js';
import { siftFeatures } from '../../engine/classical/sift/sift-features.js';
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
import { preprocessSchema } from '../../engine/model/manifest.js';
import { Session } from '../../engine/model/session.js';
import { geometricScores } from '../../engine/ranking/geometric.js';
import { seededRandom } from '../../engine/seeded-random.js';
import type { FeatureMap, Pixels } from '../../engine/types.js';
import { userPath } from '../cli-paths.js';
import { limitPerClass } from '../evaluation/limit-per-class.js';
import { loadNetwork } from '../load-model.js';
import { textTable } from '../report/text-table.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    'data-dir': { type: 'string', default: './index-data' },
    'limit-per-class': { type: 'string', default: '10' },
    top: { type: 'string', default: '10' },
    cells: { type: 'string', default: '100' },
    ratio: { type: 'string', default: '0.95' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('expected a folder of labelled pictures');

const limits = imageLimitsSchema.parse({});
const VIEW = preprocessSchema.parse({ policy: 'inside', size: 480 });
const { directory, manifest } = await loadNetwork(values.model, values['data-dir']);
const session = await Session.open(join(directory, manifest.file), manifest);
const extractor = new Extractor({ threads: 1 });

/** Local features of a picture, how two are matched, and how few inliers are chance. */
const KINDS = {
  sift: {
    features: (pixels: Pixels) => Promise.resolve(siftFeatures(pixels, { maxPoints: 500 })),
    options: verifyOptionsSchema.parse({}),
    minInliers: 8,
  },
  map: {
    features: mapFeatures,
    // cells lie on a grid of about 1/15 of the picture, so a match misses by half of that
    options: verifyOptionsSchema.parse({ ratio: Number(values.ratio), tolerance: 0.06 }),
    minInliers: 8,
  },
};
type Kind = keyof typeof KINDS;

/** A picture with what is known of it. */
interface Known extends DescribedItem, Record<Kind, LocalFeatures> {}

const items = limitPerClass(await listLabelledFolder(userPath(folder)), Number(values['limit-per-class']));
const gallery: Known[] = [];
const crops: Known[] = [];
for (const [i, { id, label, path }] of items.entries()) {
  const { pixels } = await decodeImage(await readFile(path), { limits, preprocess: VIEW });
  const random = seededRandom(i);
  gallery.push(await look(id, label, pixels));
  crops.push(await look(id, label, await cropAt('crop', 0.5, [random(), random()]).apply(pixels)));
}
await extractor.close();
const exact = new ExactGallery(gallery);
const spent: Record<Kind, { ms: number; pairs: number }> = { sift: { ms: 0, pairs: 0 }, map: { ms: 0, pairs: 0 } };
const rows = [undefined, 'sift' as const, 'map' as const].map((kind) => [
  kind ?? 'none',
  mean(gallery.map((query, own) => ofClass(query, own, kind))).toFixed(3),
  mean(crops.map((crop, own) => Number(ranked(crop, undefined, kind)[0] === own))).toFixed(3),
  kind === undefined ? '' : (spent[kind].ms / spent[kind].pairs).toFixed(1),
]);
await session.close();
console.log(`${items.length} pictures, the ${values.top} best verified, model ${manifest.name}`);
console.log(textTable(['verified by', 'mAP of the class', 'crop: R@1 of its picture', 'ms a pair'], rows));

async function look(id: string, label: string, pixels: Pixels): Promise<Known> {
  const cut = await preprocessPixels(copyOf(pixels), manifest.preprocess);
  const { descriptor: vector } = await extractor.describe(directory, cut);
  return { id, label, vector, sift: await KINDS.sift.features(pixels), map: await KINDS.map.features(pixels) };
}

function ofClass(query: Known, own: number, kind: Kind | undefined): number {
  const ranks: number[] = [];
  ranked(query, own, kind).forEach((position, rank) => {
    if (gallery[position]!.label === query.label) ranks.push(rank);
  });
  return finiteSumAp({ ranks: Uint32Array.from(ranks), positives: ranks.length });
}

/** @returns the gallery in the order of a query, the best of it verified. */
function ranked(query: Known, own: number | undefined, kind: Kind | undefined): number[] {
  const [{ order, scores }] = exact.rank([query]) as unknown as [{ order: Uint32Array; scores: Float32Array }];
  const others = [...order].filter((position) => position !== own);
  if (kind === undefined) return others;
  const best = others.slice(0, Number(values.top));
  const started = performance.now();
  const inliers = best.map((p) => verifyGeometry(query[kind], gallery[p]![kind], KINDS[kind].options).inliers);
  spent[kind].ms += performance.now() - started;
  spent[kind].pairs += best.length;
  const verified = geometricScores(
    inliers,
    best.map((p) => scores[p]!),
    KINDS[kind].minInliers,
  );
  const again = best.map((position, i) => ({ position, score: verified[i]! })).sort((a, b) => b.score - a.score);
  return [...again.map(({ position }) => position), ...others.slice(best.length)];
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
  const means = Float64Array.from({ length: channels }, (_, c) => mean([...data.subarray(c * cells, (c + 1) * cells)]));
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

function mean(numbers: number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
