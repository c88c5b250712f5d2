/**
 * What whitening does: learns it behind a model's pooled vectors from one folder, and asks with every picture of another one,
 * whose sub-folders are classes, for the rest of its class (leave one out, mAP of finite sums with a 95 % interval).
 *
 *     node dist/scripts/bench/whitening.js --learn FOLDER --gallery FOLDER [--model default] [--limit 3000] [--threads 1]
 */
import { parseArgs } from 'node:util';
import { l2Normalize } from '../../engine/descriptor/l2.js';
import { project } from '../../engine/descriptor/projection.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { bootstrapMean, bootstrapOptionsSchema } from '../../engine/evaluate/bootstrap.js';
import { listLabelledFolder } from '../../engine/evaluate/labelled-folder.js';
import { rankExactly, type DescribedItem } from '../../engine/evaluate/ranking.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { MapLearner } from '../../engine/learning/learning-method.js';
import { stackRows } from '../../engine/learning/rows.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import { readPicture } from '../indexing/read-picture.js';
import { describeAll, withPooled } from '../pooled-vectors.js';
import { textTable } from '../report/text-table.js';
import { judgeByLabel } from './judge-by-label.js';

const POWERS = [0, 0.25, 0.5];
const DIMENSIONS = [64, 128, 256];

const { values } = parseArgs({
  options: {
    learn: { type: 'string' },
    gallery: { type: 'string' },
    model: { type: 'string', default: 'default' },
    limit: { type: 'string', default: '3000' },
    threads: { type: 'string', default: '1' },
  },
});
if (values.learn === undefined || values.gallery === undefined)
  throw new Error('expected --learn FOLDER and --gallery FOLDER');

const limits = imageLimitsSchema.parse({});
const learned = (await listLabelledFolder(values.learn)).filter((_, i, all) => {
  // evenly spread over the folder
  const step = Math.max(1, all.length / Number(values.limit));
  return Math.floor(i / step) !== Math.floor((i - 1) / step);
});
const gallery = await listLabelledFolder(values.gallery);
const model = await new ModelRegistry('unused').load(values.model);
const vectors = await withPooled(model, { limits, threads: Number(values.threads) }, async (describe) => {
  const sources = [...learned, ...gallery].map(({ path }) => ({
    id: path,
    read: async () => (await readPicture(path, limits.maxBytes)).bytes,
  }));
  return describeAll(sources, describe);
});
const learner = new MapLearner({
  kind: 'labels',
  rows: stackRows(learned.flatMap(({ path }) => vectors.get(path) ?? [])),
  classes: new Int32Array(learned.length),
});

/** @returns mAP of the gallery, each vector made another one first. */
function measure(change: (vector: Float32Array) => Float32Array): string {
  const items: DescribedItem[] = gallery.flatMap(({ id, label, path }) => {
    const vector = vectors.get(path);
    return vector === undefined ? [] : [{ id, label, vector: change(vector) }];
  });
  const found: number[] = [];
  for (const { query, order } of rankExactly(items, items)) {
    const others = [...order].filter((position) => position !== query);
    const judged = judgeByLabel(others, items, items[query]!.label);
    if (judged.positives > 0) found.push(finiteSumAp(judged));
  }
  const { mean, low, high } = bootstrapMean(found, bootstrapOptionsSchema.parse({}));
  return `${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}

console.log(`${model.manifest.name}: learned from ${learned.length} pictures, asked ${gallery.length}`);
console.log(
  `pooled vector alone, ${vectors.get(gallery[0]!.path)?.length ?? 0} numbers: ${measure((vector) => vector)}`,
);
const rows = POWERS.map((power) => [
  String(power),
  ...DIMENSIONS.map((dimension) => {
    const map = learner.learn({ method: 'pca', power, shrinkage: 0, dimension });
    return measure((vector) => l2Normalize(project(map, vector)));
  }),
]);
console.log(textTable(['power', ...DIMENSIONS.map((dimension) => `D = ${dimension}`)], rows));
