import type { Candidate, LearningMethod } from './learning-method.js';

/** Each of hundreds of steps costs as many products as the projection has numbers, for each image of a batch. */
const MAX_SOFTMAX_DIMENSION = 256;

/** D is the descriptor's own length, or half of it. */
const OF_LABELS: readonly (readonly [LearningMethod, number, Candidate['shrinkage'], number])[] = [
  ['pca', 0.25, 'ledoit-wolf', 1],
  ['pca', 0.5, 'ledoit-wolf', 1],
  ['lw', 0.5, 0, 1],
  ['lw', 0.5, 0, 2],
  ['lda', 0.25, 'ledoit-wolf', 1],
  ['lda', 0.5, 'ledoit-wolf', 1],
  ['lda', 0.5, 'ledoit-wolf', 2],
  ['softmax', 0.5, 'ledoit-wolf', 2],
];
const OF_PAIRS: typeof OF_LABELS = [
  ['pca', 0.25, 'ledoit-wolf', 1],
  ['lw', 0.25, 'ledoit-wolf', 1],
  ['lw', 0.5, 'ledoit-wolf', 1],
  ['contrast', 0.25, 'ledoit-wolf', 2],
  ['contrast', 0.5, 'ledoit-wolf', 2],
];

/** @returns what is tried on examples of a kind, for descriptors of length d. */
export function candidatesFor(kind: 'labels' | 'pairs', d: number): Candidate[] {
  const chosen = kind === 'labels' ? OF_LABELS : OF_PAIRS;
  return chosen.map(([method, power, shrinkage, divisor]) => ({
    method,
    power,
    shrinkage,
    dimension: Math.min(method === 'softmax' ? MAX_SOFTMAX_DIMENSION : Infinity, Math.max(2, Math.floor(d / divisor))),
  }));
}
