import { describe, expect, it } from 'vitest';
import { headLogits } from '../../../engine/category/cosine-head.js';
import { headLoss, unitRows } from '../../../engine/category/head-loss.js';
import { randomUnit, seededRandom } from '../../support/vectors.js';

const random = seededRandom(2);
const [dimension, labels, count] = [6, 4, 9];
const vectors = Float32Array.from(Array.from({ length: count }, () => [...randomUnit(dimension, random)]).flat());
const examples = { dimension, vectors, targets: Uint32Array.from({ length: count }, (_, i) => (i * 3) % labels) };
const rows = Float64Array.from({ length: labels * dimension }, () => 2 * random() - 1);
const everybody = Uint32Array.from({ length: count }, (_, i) => i);
const weights = Float64Array.of(1, 2, 0.5, 1.5);

const lossOf = (changed: Float64Array, batch = everybody) =>
  headLoss({ rows: changed, scale: 7 }, examples, batch, weights, new Float64Array(rows.length));

describe('the loss of a cosine head', () => {
  it('is the weighted cross-entropy of its logits', () => {
    const head = { dimension, weights: Float32Array.from(unitRows(rows, dimension).units), scale: 7 };
    const expected = [...everybody].map((i) => {
      const logits = headLogits(head, vectors.subarray(i * dimension, (i + 1) * dimension));
      const target = examples.targets[i]!;
      const logSum = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
      return weights[target]! * (logSum - logits[target]!);
    });
    expect(lossOf(rows)).toBeCloseTo(expected.reduce((a, b) => a + b) / count, 5);
  });

  it('is log K where a head knows nothing', () => {
    const same = Float64Array.from({ length: labels * dimension }, (_, i) => (i % dimension) + 1);
    const ones = new Float64Array(labels).fill(1);
    expect(headLoss({ rows: same, scale: 7 }, examples, everybody, ones, new Float64Array(same.length))).toBeCloseTo(
      Math.log(labels),
      12,
    );
  });

  it('has the gradient that differences give', () => {
    const batch = Uint32Array.of(0, 2, 3, 7, 8);
    const gradient = new Float64Array(rows.length).fill(99);
    headLoss({ rows, scale: 7 }, examples, batch, weights, gradient);
    const step = 1e-5;
    for (let i = 0; i < rows.length; i++) {
      const [up, down] = [rows.slice(), rows.slice()];
      up[i]! += step;
      down[i]! -= step;
      expect(gradient[i]).toBeCloseTo((lossOf(up, batch) - lossOf(down, batch)) / (2 * step), 7);
    }
  });

  it('does not change with the lengths of the rows', () => {
    expect(lossOf(rows.map((value) => 3 * value))).toBeCloseTo(lossOf(rows), 12);
  });
});
