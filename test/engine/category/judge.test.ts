import { describe, expect, it } from 'vitest';
import { judgePredictors } from '../../../engine/category/judge.js';
import { near, randomUnit, seededRandom } from '../../support/vectors.js';

const random = seededRandom(8);
const [dimension, labels, perLabel] = [8, 3, 40];
const centres = Array.from({ length: labels }, () => randomUnit(dimension, random));
const targets = Uint32Array.from({ length: labels * perLabel }, (_, i) => i % labels);
const vectors = Float32Array.from([...targets].flatMap((label) => [...near(centres[label]!, 1.6, random)]));
const examples = { dimension, labels: ['a', 'b', 'c'], vectors, targets };
const heldOut = Uint32Array.from({ length: 60 }, (_, i) => i);
const rows = (order: number[]) => Float32Array.from(order.flatMap((label) => [...centres[label]!]));

describe('judging the predictors on held-out examples', () => {
  it('trusts a head that knows, and a vote where the head is wrong', () => {
    const good = judgePredictors(examples, { dimension, scale: 16, weights: rows([0, 1, 2]) }, heldOut);
    expect(good.measured!.head.accuracy).toBeGreaterThan(0.7);
    const bad = judgePredictors(examples, { dimension, scale: 16, weights: rows([1, 2, 0]) }, heldOut);
    expect(bad.measured!.head.accuracy).toBeLessThan(0.3);
    expect(bad.calibration.weight).toBeGreaterThan(0.8);
    expect(bad.calibration.weight).toBeGreaterThan(good.calibration.weight);
    expect(bad.measured!.vote).toEqual(good.measured!.vote);
    expect(bad.measured!.fused.accuracy).toBeGreaterThan(0.6);
  });

  it('cools what is overconfident: its calibration error falls', () => {
    const { calibration, measured } = judgePredictors(
      examples,
      { dimension, scale: 200, weights: rows([0, 1, 2]) },
      heldOut,
    );
    expect(calibration.temperatures.head).toBeGreaterThan(5);
    expect(measured!.head.calibrationError).toBeLessThan(measured!.head.calibrationErrorBefore);
  });

  it('keeps the temperature of the vote, which leaving an example out would make too warm', () => {
    const { calibration } = judgePredictors(examples, { dimension, scale: 16, weights: rows([0, 1, 2]) }, heldOut);
    expect(calibration.temperatures.vote).toBe(0.5);
  });

  it('leaves an example out of its own vote', () => {
    // each example lies alone, and its nearest other has another label
    const alone = {
      dimension: 2,
      labels: ['a', 'b'],
      vectors: Float32Array.from(Array.from({ length: 40 }, (_, i) => [Math.cos(i * 0.15), Math.sin(i * 0.15)]).flat()),
      targets: Uint32Array.from({ length: 40 }, (_, i) => i % 2),
    };
    const everybody = Uint32Array.from(alone.targets.keys());
    const { measured } = judgePredictors(
      alone,
      { dimension: 2, scale: 1, weights: Float32Array.of(1, 0, 0, 1) },
      everybody,
    );
    expect(measured!.vote.accuracy).toBeLessThan(0.5);
  });

  it('fits nothing to a handful of examples', () => {
    const head = { dimension, scale: 16, weights: rows([0, 1, 2]) };
    const { calibration, measured } = judgePredictors(examples, head, heldOut.slice(0, 19));
    expect(measured).toBeUndefined();
    expect(calibration).toEqual({ weight: 0.5, temperatures: { vote: 0.5, head: 1, fused: 1 } });
  });
});
