import { describe, expect, it } from 'vitest';
import { Adam } from '../../../engine/adam.js';
import { headLogits } from '../../../engine/category/cosine-head.js';
import { HeadFit } from '../../../engine/category/head-fit.js';
import { headSettingsSchema } from '../../../engine/category/head-settings.js';
import { argMax } from '../../../engine/category/probabilities.js';
import type { TrainingExamples } from '../../../engine/category/training-examples.js';
import { near, randomUnit, seededRandom } from '../../support/vectors.js';

const settings = headSettingsSchema.parse({});

/** Clusters around random directions; label k has counts[k] examples. */
function clusters(counts: number[], noise: number, dimension = 12): TrainingExamples {
  const random = seededRandom(4);
  const centres = counts.map(() => randomUnit(dimension, random));
  const targets = counts.flatMap((count, label) => Array.from({ length: count }, () => label));
  const rows = targets.map((label) => [...near(centres[label]!, noise, random)]);
  return {
    dimension,
    labels: counts.map((_, label) => `label ${label}`),
    vectors: Float32Array.from(rows.flat()),
    targets: Uint32Array.from(targets),
  };
}

function fitWhole(examples: TrainingExamples, more: object = {}) {
  const fit = new HeadFit(examples, { ...settings, ...more });
  while (!fit.step().done);
  const head = fit.head();
  const rightOf = (places: Iterable<number>) =>
    [...places].filter((i) => {
      const vector = examples.vectors.subarray(i * examples.dimension, (i + 1) * examples.dimension);
      return argMax(headLogits(head, vector)) === examples.targets[i];
    });
  return { fit, head, rightOf };
}

describe('fitting a head', () => {
  it('tells separable labels apart, also those it did not see', () => {
    const examples = clusters([30, 30, 30, 30], 0.5);
    const { fit, head, rightOf } = fitWhole(examples);
    expect(rightOf(fit.split.training)).toHaveLength(fit.split.training.length);
    expect(rightOf(fit.split.heldOut)).toHaveLength(fit.split.heldOut.length);
    expect(fit.split.heldOut.length).toBeGreaterThanOrEqual(20);
    for (let k = 0; k < 4; k++) expect(Math.hypot(...head.weights.subarray(k * 12, (k + 1) * 12))).toBeCloseTo(1, 5);
  });

  it('learns what class means cannot: two labels with one mean direction and different spread', () => {
    // label 0 lies on both sides of label 1, off to where label 2 is not
    const dimension = 3;
    const row = (x: number, y: number) => [x, y, Math.sqrt(1 - x * x - y * y)];
    const rows = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? row(0.1 + 0.002 * i, 0.3) : row(-0.1, 0.3 + 0.005 * i),
    );
    const examples = {
      dimension,
      labels: ['even', 'odd'],
      vectors: Float32Array.from(rows.flat()),
      targets: Uint32Array.from({ length: 40 }, (_, i) => i % 2),
    };
    const { rightOf } = fitWhole(examples);
    expect(rightOf(examples.targets.keys())).toHaveLength(40);
  });

  it('gives the same head for the same seed', () => {
    const examples = clusters([20, 20, 20], 1);
    expect(fitWhole(examples).head).toEqual(fitWhole(examples).head);
    expect(fitWhole(examples, { seed: 1 }).head.weights).not.toEqual(fitWhole(examples).head.weights);
  });

  it('counts each label alike if asked to, so that rare ones are found more often', () => {
    // directions from 0 to 60 degrees, and a few from 40 to 100
    const degrees = Array.from({ length: 420 }, (_, i) => (i < 400 ? 0.15 * i : 40 + 3 * (i - 400)));
    const examples = {
      dimension: 2,
      labels: ['common', 'rare'],
      vectors: Float32Array.from(
        degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]),
      ),
      targets: Uint32Array.from(degrees, (_, i) => Number(i >= 400)),
    };
    const rare = [...examples.targets.keys()].filter((i) => examples.targets[i] === 1);
    const foundWith = (balanced: boolean) => fitWhole(examples, { balanced }).rightOf(rare).length;
    expect(foundWith(true)).toBeGreaterThan(foundWith(false));
  });
});

describe('Adam', () => {
  it('first moves every parameter by the rate, and then to the lowest place', () => {
    const parameters = Float64Array.of(1, -2);
    const adam = new Adam(2, 0.1);
    adam.step(parameters, Float64Array.of(30, -0.01));
    expect(parameters[0]).toBeCloseTo(0.9, 6);
    expect(parameters[1]).toBeCloseTo(-1.9, 6);
    for (let i = 0; i < 500; i++) adam.step(parameters, parameters.slice());
    expect(Math.hypot(...parameters)).toBeLessThan(1e-3);
  });
});
