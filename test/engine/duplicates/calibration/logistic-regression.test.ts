import { describe, expect, it } from 'vitest';
import { fitLogistic, logitOf, sigmoid } from '../../../../engine/duplicates/calibration/logistic-regression.js';
import { seededRandom } from '../../../support/vectors.js';

/** @returns examples of one feature. */
function examples(rows: [x: number, y: number, weight: number][]) {
  return {
    features: Float64Array.from(rows, ([x]) => x),
    dimension: 1,
    targets: Float64Array.from(rows, ([, y]) => y),
    weights: Float64Array.from(rows, ([, , weight]) => weight),
  };
}

describe('fitLogistic', () => {
  it('finds the odds of each of two groups: 1 to 3 and 3 to 1', () => {
    const { bias, weights } = fitLogistic(
      examples([
        [0, 1, 1],
        [0, 0, 3],
        [1, 1, 3],
        [1, 0, 1],
      ]),
    );
    expect(bias).toBeCloseTo(-Math.log(3), 2);
    expect(weights[0]).toBeCloseTo(2 * Math.log(3), 2);
  });

  it('finds the model that examples were drawn from, whatever the units', () => {
    const random = seededRandom(1);
    const truth = { bias: 1, weights: [0.02, -300] };
    const rows = Array.from({ length: 4000 }, () => [100 * random(), 0.01 * random()] as const);
    const model = fitLogistic({
      features: Float64Array.from(rows.flat()),
      dimension: 2,
      targets: Float64Array.from(rows, (row) => (random() < sigmoid(logitOf(truth, row)) ? 1 : 0)),
      weights: new Float64Array(rows.length).fill(1),
    });
    expect(model.weights[0]! / truth.weights[0]!).toBeCloseTo(1, 0);
    expect(model.weights[1]! / truth.weights[1]!).toBeCloseTo(1, 0);
    for (const row of rows.slice(0, 50))
      expect(sigmoid(logitOf(model, row))).toBeCloseTo(sigmoid(logitOf(truth, row)), 1);
  });

  it('stays finite where a threshold parts the examples, and puts it between them', () => {
    const { bias, weights } = fitLogistic(
      examples([
        [1, 0, 1],
        [2, 0, 1],
        [3, 1, 1],
        [4, 1, 1],
      ]),
    );
    expect(weights[0]).toBeGreaterThan(3);
    expect(Number.isFinite(weights[0])).toBe(true);
    expect(-bias / weights[0]!).toBeCloseTo(2.5, 5);
  });

  it('gives a feature that never changes no weight', () => {
    const { weights } = fitLogistic(
      examples([
        [7, 0, 1],
        [7, 1, 3],
      ]),
    );
    expect(weights[0]).toBeCloseTo(0, 9);
  });
});
