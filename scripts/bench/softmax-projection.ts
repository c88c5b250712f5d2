/**
 * What a projection learned by gradient, as the layer before a cosine softmax over the classes, does beside the closed
 * forms of `tune`: the same examples, folds and queries as `likeness tune --dry-run`.
 *
 *     node dist/scripts/bench/softmax-projection.js --data-dir DIR --collection NAME --label FIELD [--hold-out images]
 *         [--start lda:0.25:256,lda:0.5:128] [--steps 100,400]
 */
import { parseArgs } from 'node:util';
import { labelledExamples } from '../../engine/collection/tune-examples.js';
import { engineConfigSchema } from '../../engine/config.js';
import { crossValidate, splitFolds } from '../../engine/cross-validate.js';
import { Engine } from '../../engine/engine.js';
import { bootstrapMean, bootstrapOptionsSchema, pairedDifference } from '../../engine/evaluate/bootstrap.js';
import type { LabelledRows, LearningMethod } from '../../engine/learning/learning-method.js';
import { textTable } from '../report/text-table.js';
import { softmaxMap } from './metric/softmax-map.js';

/** Logits from -16 to 16, as the category head has; the rate is of rows of W of length about 1. */
const [SCALE, RATE] = [16, 0.001];
const BOOTSTRAP = bootstrapOptionsSchema.parse({});

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: './index-data' },
    collection: { type: 'string', default: 'default' },
    label: { type: 'string', default: 'kind' },
    'hold-out': { type: 'string', default: 'classes' },
    start: { type: 'string', default: 'lda:0.25:256' },
    steps: { type: 'string', default: '100' },
  },
});
const holdOut = values['hold-out'] === 'images' ? 'images' : 'classes';
const config = engineConfigSchema.parse({ dataDir: values['data-dir'], inferenceThreads: 1, queryRetentionHours: 0 });
const engine = await Engine.open(config, { command: 'bench' });
const { data, counts } = await labelledExamples(engine.get(values.collection).epoch, {
  ...{ from: 'labels', label: values.label, folds: 5, holdOut, dryRun: true, revert: false },
});
await engine.close();

const folds = splitFolds(data);
const without = crossValidate(undefined, folds);
const rows = [['none', bootstrapMean(without, BOOTSTRAP).mean.toFixed(4), '']];
for (const start of values.start.split(',').map(parseStart)) {
  const name = `${start.method} p=${start.power} D=${start.dimension}`;
  add(name, crossValidate(start, folds));
  for (const steps of values.steps.split(',').map(Number)) {
    const found = folds.flatMap(({ learner, averagePrecisions }) => {
      const options = { scale: SCALE, rate: RATE, steps };
      return averagePrecisions(softmaxMap(learner.examples as LabelledRows, learner.learn(start), options));
    });
    add(`softmax, ${steps} steps from ${name}`, Float64Array.from(found));
  }
}
console.log(`${counts.images} images of ${counts.classes} classes, ${data.folds} folds by ${holdOut}`);
console.log(textTable(['projection', 'mAP', 'gain (95 %)'], rows));

function add(name: string, found: Float64Array): void {
  const { mean, low, high } = pairedDifference(found, without, BOOTSTRAP);
  const gain = `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  rows.push([name, bootstrapMean(found, BOOTSTRAP).mean.toFixed(4), gain]);
}

function parseStart(text: string) {
  const [method, power, dimension] = text.split(':');
  const shrinkage = 'ledoit-wolf' as const;
  return { method: method as LearningMethod, power: Number(power), shrinkage, dimension: Number(dimension) };
}
