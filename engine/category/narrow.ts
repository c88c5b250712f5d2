import type { Label } from './label.js';
import type { LabelProbability } from './probabilities.js';

/** A label as likely as this is taken alone. */
const ALONE_FROM = 0.5;
/** Else the likeliest labels that together reach this. */
const TOGETHER = 0.9;

/** The labels that a search keeps to. */
export interface Narrowed {
  labels: Label[];
  /** Of all of them together. */
  probability: number;
}

/**
 * @param predicted the likeliest first; at least one
 * @returns the likeliest label if its probability is at least 0.5, else the fewest of the likeliest that reach 0.9 together.
 */
export function narrowTo(predicted: readonly LabelProbability[]): Narrowed {
  const enough = predicted[0]!.probability >= ALONE_FROM ? ALONE_FROM : TOGETHER;
  const narrowed: Narrowed = { labels: [], probability: 0 };
  for (const { label, probability } of predicted) {
    if (narrowed.probability >= enough) break;
    narrowed.labels.push(label);
    narrowed.probability += probability;
  }
  return narrowed;
}
