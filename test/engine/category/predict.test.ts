import { describe, expect, it } from 'vitest';
import { cosineHeadOf, encodeWeights, type CategoryHead } from '../../../engine/category/category-head.js';
import { headSettingsSchema } from '../../../engine/category/head-settings.js';
import { narrowTo } from '../../../engine/category/narrow.js';
import { predictLabels } from '../../../engine/category/predict.js';

const vector = Float32Array.of(0.6, 0.8);
const head: CategoryHead = {
  report: {
    ...{ field: 'kind', images: 2, examples: 2, heldOut: 0, sequence: 1, trainedAt: '2026-01-01T00:00:00.000Z' },
    labels: [
      { label: 'x', images: 1 },
      { label: 'y', images: 1 },
    ],
    ...{ rounds: 1, settings: headSettingsSchema.parse({}), voteWeight: 0.5 },
  },
  calibration: { weight: 0.5, temperatures: { vote: 1, head: 2, fused: 1 } },
  ...{ dimension: 2, scale: 10, weights: encodeWeights(Float32Array.of(1, 0, 0, 1)) },
};
const neighbours = [
  { label: 'x', score: 0.9 },
  { label: 'z', score: 0.9 },
];

describe('predicting', () => {
  it('by head: the softmax of its logits at its temperature', () => {
    const predicted = predictLabels('head', { vector, neighbours: [], head });
    // logits 6 and 8, temperature 2
    expect(predicted.map(({ label }) => label)).toEqual(['y', 'x']);
    expect(predicted[0]!.probability).toBeCloseTo(Math.E / (1 + Math.E), 5);
  });

  it('by vote: the shares, smoothed', () => {
    const predicted = predictLabels('vote', { vector, neighbours: neighbours.slice(0, 1), head });
    expect(predicted.map(({ label }) => label)).toEqual(['x', 'y']);
    expect(predicted[0]!.probability).toBeCloseTo(0.995, 12);
    const both = predictLabels('vote', { vector, neighbours, head: undefined });
    expect(both.map(({ probability }) => probability)).toEqual([0.5, 0.5]);
  });

  it('by both: over the labels of both', () => {
    const predicted = predictLabels('fused', { vector, neighbours, head });
    expect(predicted.map(({ label }) => label)).toEqual(['x', 'y', 'z']);
    const least = 0.01 / 3;
    const vote = [0.99 * 0.5 + least, least, 0.99 * 0.5 + least];
    const ofHead = [1 / (1 + Math.exp(2)), 1 / (1 + Math.exp(-2)), 0].map((p) => 0.99 * p + least);
    const products = vote.map((p, k) => Math.sqrt(p * ofHead[k]!));
    const sum = products.reduce((a, b) => a + b);
    expect(predicted[0]!.probability).toBeCloseTo(products[0]! / sum, 6);
    expect(predicted[2]!.probability).toBeCloseTo(products[2]! / sum, 6);
  });

  it('is nothing where nobody knows a label', () => {
    expect(predictLabels('vote', { vector, neighbours: [], head: undefined })).toEqual([]);
  });

  it('keeps the numbers of a head as they are', () => {
    expect([...cosineHeadOf(head).weights]).toEqual([1, 0, 0, 1]);
    expect(cosineHeadOf(head)).toBe(cosineHeadOf(head));
  });
});

describe('narrowing', () => {
  const predicted = (...probabilities: number[]) =>
    probabilities.map((probability, i) => ({ label: `label ${i}`, probability }));

  it('takes the likeliest label alone where it is likely', () => {
    expect(narrowTo(predicted(0.5, 0.4, 0.1))).toEqual({ labels: ['label 0'], probability: 0.5 });
  });

  it('else takes as many as reach 0.9 together', () => {
    const { labels, probability } = narrowTo(predicted(0.45, 0.3, 0.2, 0.05));
    expect(labels).toEqual(['label 0', 'label 1', 'label 2']);
    expect(probability).toBeCloseTo(0.95, 12);
  });
});
