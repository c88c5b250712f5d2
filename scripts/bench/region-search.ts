/**
 * What searching by a part of a picture gives: objects of one folder (a sub-folder a class) are pasted small onto pictures
 * of another, and asked with, or looked for.
 *
 *     node dist/scripts/bench/region-search.js --objects FOLDER --grounds FOLDER [--share 0.35] [--per-class 4] [--model default]
 *
 * By scene: the query is a scene, the gallery the objects as they are. In scenes: the query is an object, the gallery scenes
 * of which several parts may be described; the best part counts.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { REGION_VIEW_SCALE } from '../../engine/collection/region-describer.js';
import { activationSource } from '../../engine/collection/subject-sources.js';
import { rmacGrid } from '../../engine/descriptor/rmac-grid.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import type { EvaluationItem } from '../../engine/evaluate/protocol.js';
import { Extractor } from '../../engine/extractor.js';
import { cropPixels } from '../../engine/image/crop.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { preprocessPixels } from '../../engine/image/raw-pixels.js';
import { resolveRegion, withContext, type PixelRegion } from '../../engine/image/region.js';
import { planWholeView } from '../../engine/image/resize-plan.js';
import { preprocessSchema } from '../../engine/model/manifest.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { ScoredBox } from '../../engine/regions/box.js';
import { seededRandom } from '../../engine/seeded-random.js';
import type { Pixels } from '../../engine/types.js';
import { limitPerClass } from '../evaluation/limit-per-class.js';
import { textTable } from '../report/text-table.js';

/** Cells of the map that the R-MAC grid is laid on; 7 as of 224 px at stride 32. */
const GRID_CELLS = 7;

const { values } = parseArgs({
  options: {
    objects: { type: 'string' },
    grounds: { type: 'string' },
    /** Longest side of an object, as a share of the scene's. */
    share: { type: 'string', default: '0.35' },
    'per-class': { type: 'string', default: '4' },
    model: { type: 'string', default: 'default' },
  },
});
if (values.objects === undefined || values.grounds === undefined)
  throw new Error('expected --objects FOLDER and --grounds FOLDER');

const limits = imageLimitsSchema.parse({});
const model = await new ModelRegistry('unused').load(values.model);
const { preprocess } = model.manifest;
const extractor = new Extractor();
const source = activationSource(model, extractor);
/** Scenes are made as large as the finder of subjects looks at them. */
const side = source.plan(1, 1).width;

/** An object as it is, and pasted onto a ground. */
interface Sample {
  label: string;
  object: Pixels;
  scene: Pixels;
  /** Where the object is in the scene. */
  place: PixelRegion;
}

async function read(item: EvaluationItem, size: number, policy: 'center-crop' | 'inside'): Promise<Pixels> {
  const preprocess = preprocessSchema.parse({ policy, size, kernel: 'lanczos3' });
  return (await decodeImage(await readFile(item.path), { limits, preprocess })).pixels;
}

async function makeSample(item: EvaluationItem, ground: EvaluationItem, seed: number): Promise<Sample> {
  const random = seededRandom(seed);
  const [large, small, scene] = await Promise.all([
    read(item, 512, 'inside'),
    read(item, Math.round(side * Number(values.share)), 'inside'),
    read(ground, side, 'center-crop'),
  ]);
  const [x, y] = [small.width, small.height].map((size) => Math.floor(random() * (side - size + 1)));
  const place = { x: x!, y: y!, width: small.width, height: small.height };
  for (let row = 0; row < small.height; row++) {
    const pixels = small.data.subarray(row * small.width * 3, (row + 1) * small.width * 3);
    scene.data.set(pixels, ((place.y + row) * side + place.x) * 3);
  }
  return { label: item.label, object: large, scene, place };
}

async function describe(pixels: Pixels): Promise<Float32Array> {
  return (await extractor.describe(model.directory, await preprocessPixels(copyOf(pixels), preprocess))).descriptor;
}

/** The extractor takes the pixels along; slice of a Buffer would be no copy. */
function copyOf(pixels: Pixels): Pixels {
  return { ...pixels, data: new Uint8Array(pixels.data) };
}

const describePart = (scene: Pixels, region: PixelRegion, context = 0) =>
  describe(cropPixels(scene, withContext(region, context, scene)));

async function describeWindows(scene: Pixels, regions: readonly PixelRegion[]): Promise<Float32Array[]> {
  const { width: size } = planWholeView(1, 1, preprocess, REGION_VIEW_SCALE);
  const view = await preprocessPixels(copyOf(scene), { ...preprocess, policy: 'stretch', size, scales: undefined });
  const windows = regions.map(({ x, y, width, height }) => ({
    ...{ left: x / scene.width, top: y / scene.height },
    ...{ right: (x + width) / scene.width, bottom: (y + height) / scene.height },
  }));
  const { descriptors } = await extractor.describeWindows(model.directory, view, windows);
  return descriptors.filter((descriptor) => descriptor !== null);
}

async function subjectsOf(scene: Pixels): Promise<PixelRegion[]> {
  const { boxes } = await source.locate(copyOf(scene));
  return boxes.map((box) => toRegion(box, scene));
}

function toRegion({ left, top, right, bottom }: Omit<ScoredBox, 'score'>, scene: Pixels): PixelRegion {
  return resolveRegion({ x: left, y: top, width: right - left, height: bottom - top }, scene);
}

/** The grid of R-MAC without its first region, which is the whole scene. */
function gridOf(scene: Pixels, levels: number): PixelRegion[] {
  return rmacGrid(GRID_CELLS, GRID_CELLS, levels)
    .slice(1)
    .map(({ x, y, width, height }) =>
      resolveRegion(
        {
          ...{ x: x / GRID_CELLS, y: y / GRID_CELLS },
          ...{ width: width / GRID_CELLS, height: height / GRID_CELLS },
        },
        scene,
      ),
    );
}

interface Described {
  label: string;
  /** Of the whole and of parts; the best counts. */
  vectors: Float32Array[];
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** @returns mean average precision; a query's own place in the gallery is left out. */
function meanAp(queries: Described[], gallery: Described[]): number {
  const aps = queries.map((query, own) => {
    const others = gallery.filter((_, i) => i !== own);
    const scored = others.map(({ label, vectors }) => ({
      isPositive: label === query.label,
      score: Math.max(...vectors.map((vector) => dot(vector, query.vectors[0]!))),
    }));
    scored.sort((a, b) => b.score - a.score);
    const ranks = scored.flatMap(({ isPositive }, rank) => (isPositive ? [rank] : []));
    return finiteSumAp({ ranks: Uint32Array.from(ranks), positives: ranks.length });
  });
  return aps.reduce((sum, ap) => sum + ap, 0) / aps.length;
}

async function describeAll(
  samples: Sample[],
  parts: (sample: Sample) => Promise<Float32Array[]>,
): Promise<Described[]> {
  const described: Described[] = [];
  for (const sample of samples) described.push({ label: sample.label, vectors: await parts(sample) });
  return described;
}

const objects = limitPerClass(await listLabelledFolder(values.objects), Number(values['per-class']));
const grounds = await listLabelledFolder(values.grounds);
const samples: Sample[] = [];
for (const [i, item] of objects.entries())
  samples.push(await makeSample(item, grounds[(i * 7919) % grounds.length]!, i));

const plain = await describeAll(samples, async ({ object }) => [await describe(object)]);
const whole = await describeAll(samples, async ({ scene }) => [await describe(scene)]);
const byScene: [string, Described[]][] = [
  ['the object alone (no scene)', plain],
  ['the whole scene', whole],
];
for (const context of [0, 0.1, 0.25, 0.5]) {
  const queries = await describeAll(samples, async ({ scene, place }) => [await describePart(scene, place, context)]);
  byScene.push([`its region, context ${context}`, queries]);
}
for (const context of [0, 0.25]) {
  const queries = await describeAll(samples, async ({ scene }) => {
    const [best] = await subjectsOf(scene);
    return [await (best === undefined ? describe(scene) : describePart(scene, best, context))];
  });
  byScene.push([`its subject as found, context ${context}`, queries]);
}
console.log(`${samples.length} objects, scenes of ${side} px, share ${values.share}, model ${model.manifest.name}`);
console.log(
  textTable(
    ['query by scene', 'mAP'],
    byScene.map(([name, queries]) => [name, meanAp(queries, plain).toFixed(3)]),
  ),
);

const inScenes: [string, Described[]][] = [['whole', whole]];
/** By the part's own pixels, which costs a run for each, and as a collection does it. */
const withParts = async (name: string, regionsOf: (scene: Pixels) => Promise<PixelRegion[]>) => {
  const regions = await Promise.all(samples.map(({ scene }) => regionsOf(scene)));
  const add = async (how: string, describeParts: (scene: Pixels, parts: PixelRegion[]) => Promise<Float32Array[]>) => {
    const gallery: Described[] = [];
    for (const [i, { scene }] of samples.entries()) {
      const { label, vectors } = whole[i]!;
      gallery.push({ label, vectors: [...vectors, ...(await describeParts(scene, regions[i]!))] });
    }
    inScenes.push([`whole and ${name}, ${how}`, gallery]);
  };
  await add('each by its own pixels', async (scene, parts) => {
    const vectors: Float32Array[] = [];
    for (const part of parts) vectors.push(await describePart(scene, part));
    return vectors;
  });
  await add('from one map', describeWindows);
};
await withParts('subjects as found', subjectsOf);
await withParts('R-MAC grid of 2 levels', async (scene) => Promise.resolve(gridOf(scene, 2)));
await withParts('R-MAC grid of 3 levels', async (scene) => Promise.resolve(gridOf(scene, 3)));
await extractor.close();
console.log(
  textTable(
    ['gallery of scenes, described', 'descriptors a scene', 'mAP'],
    inScenes.map(([name, gallery]) => {
      const count = gallery.reduce((sum, { vectors }) => sum + vectors.length, 0) / gallery.length;
      return [name, count.toFixed(1), meanAp(plain, gallery).toFixed(3)];
    }),
  ),
);
