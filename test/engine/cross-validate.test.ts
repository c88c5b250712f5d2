import { describe, expect, it } from 'vitest';
import { crossValidate, splitFolds } from '../../engine/cross-validate.js';
import { finiteSumAp } from '../../engine/evaluate/average-precision.js';
import { Learner } from '../../engine/learn.js';
import { stackRows } from '../../engine/learning/rows.js';
import { dot, seededRandom, toUnit } from '../support/vectors.js';

const CLASSES = 12;
const EACH = 8;
const DIMENSION = 16;

/** Classes differ in the first four numbers; the other twelve are louder and say nothing of the class. */
function noisyClasses() {
  const random = seededRandom(3);
  const centres = Array.from({ length: CLASSES }, () => Array.from({ length: 4 }, () => random() - 0.5));
  const vectors = Array.from({ length: CLASSES * EACH }, (_, i) =>
    toUnit(
      Float32Array.from({ length: DIMENSION }, (__, k) =>
        k < 4 ? centres[Math.floor(i / EACH)]![k]! + 0.05 * (random() - 0.5) : 2 * (random() - 0.5),
      ),
    ),
  );
  return { vectors, classes: Int32Array.from(vectors, (_, i) => Math.floor(i / EACH)) };
}

const { vectors, classes } = noisyClasses();
const rows = stackRows(vectors);
const LDA = { method: 'lda' as const, power: 0.5, shrinkage: 0.01, dimension: 8 };
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('crossValidate', () => {
  it('without a candidate, by images, is leave-one-out over everything', () => {
    const found = crossValidate(undefined, splitFolds({ kind: 'labels', rows, classes, folds: 4, holdOut: 'images' }));
    const expected = vectors.map((query, q) => {
      const others = vectors.map((x, i) => ({ i, score: dot(query, x) })).filter(({ i }) => i !== q);
      others.sort((a, b) => b.score - a.score);
      const ranks = others.flatMap(({ i }, rank) => (classes[i] === classes[q] ? [rank] : []));
      return finiteSumAp({ ranks: Uint32Array.from(ranks), positives: EACH - 1 });
    });
    // folds give the queries another order
    expect([...found].sort()).toHaveLength(expected.length);
    expect(mean(found)).toBeCloseTo(mean(Float64Array.from(expected)), 6);
  });

  it.each(['images', 'classes'] as const)('finds by %s that discriminants help', (holdOut) => {
    const folds = splitFolds({ kind: 'labels', rows, classes, folds: 4, holdOut });
    const [before, after] = [crossValidate(undefined, folds), crossValidate(LDA, folds)];
    expect(after.length).toBe(before.length);
    expect(mean(after)).toBeGreaterThan(mean(before) + 0.2);
  });

  it('does not take learning by heart for help: labels at random gain nothing', () => {
    const random = seededRandom(9);
    const shuffled = classes.map(() => Math.floor(random() * CLASSES));
    const learner = new Learner();
    learner.load({ kind: 'labels', rows, classes: shuffled, folds: 4, holdOut: 'images' });
    expect(learner.measure(LDA).gain.low).toBeLessThanOrEqual(0);
  });

  it('of feedback orders what was shown anew, without having learned from it', () => {
    const random = seededRandom(5);
    const lists = Array.from({ length: 60 }, (_, i) => {
      const query = (i * 7) % vectors.length;
      const shown = Array.from({ length: 12 }, () => Math.floor(random() * vectors.length)).filter(
        (row) => row !== query,
      );
      shown.push(Math.floor(query / EACH) * EACH + ((query + 1) % EACH));
      return { query, shown, clicked: shown.map((row) => classes[row] === classes[query]) };
    });
    const learner = new Learner();
    learner.load({ kind: 'feedback', rows, lists, folds: 5 });
    const { gain } = learner.measure({ method: 'lw', power: 0.5, shrinkage: 'ledoit-wolf', dimension: 8 });
    expect(gain.low).toBeGreaterThan(0.05);
  });
});
