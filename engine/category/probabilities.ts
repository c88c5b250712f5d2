import type { Label } from './label.js';

export interface LabelProbability {
  label: Label;
  probability: number;
}

/** Share that is spread over all labels before logarithms are taken: who got no vote is unlikely, not impossible. */
const SPREAD = 0.01;

/** @param scores logits, or log-probabilities up to a constant [K]. @returns exp(score / temperature), summing to 1. */
export function softmax(scores: Float64Array, temperature = 1): Float64Array {
  const highest = maximumOf(scores);
  const powers = scores.map((score) => Math.exp((score - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** @returns log((1 - e) p + e / K) with e = 0.01, for probabilities [K]; finite where p is 0. */
export function smoothedLogs(probabilities: Float64Array): Float64Array {
  const least = SPREAD / probabilities.length;
  return probabilities.map((probability) => Math.log((1 - SPREAD) * probability + least));
}

/**
 * The logarithmic opinion pool of two opinions on the same K labels, up to a constant: weight log(vote) + (1 - weight)
 * log(head), both smoothed.
 */
export function pooledLogs(vote: Float64Array, head: Float64Array, weight: number): Float64Array {
  const [ofVote, ofHead] = [smoothedLogs(vote), smoothedLogs(head)];
  return ofVote.map((log, k) => weight * log + (1 - weight) * ofHead[k]!);
}

/** @returns labels with their probabilities, the likeliest first; equal ones stay in the order of the labels. */
export function byProbability(labels: readonly Label[], probabilities: Float64Array): LabelProbability[] {
  return labels
    .map((label, k) => ({ label, probability: probabilities[k]! }))
    .sort((a, b) => b.probability - a.probability);
}

/** @returns the place of the largest score; of equal ones, the first. */
export function argMax(scores: Float64Array): number {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  return best;
}

function maximumOf(scores: Float64Array): number {
  return scores[argMax(scores)] ?? 0;
}
