import { dotAt } from './cosine-head.js';
import type { TrainingExamples } from './training-examples.js';

/** What the loss is a function of: rows [K, D] of any length above 0; only their directions count. */
export interface HeadParameters {
  rows: Float64Array;
  /** Fixed: what it should be is left to temperature scaling. */
  scale: number;
}

export type LossExamples = Pick<TrainingExamples, 'dimension' | 'vectors' | 'targets'>;

/**
 * Softmax cross-entropy with cosine-normalised logits z_k = s (v_k / |v_k|) x, the mean over a batch:
 *
 *     L = (1/B) sum_i c_i (log sum_k exp z_ik - z_iy),  dL/dv_k = (s/|v_k|) (1/B) sum_i c_i (p_ik - [k = y_i]) (x_i - cos_ik u_k)
 *
 * @param batch places of examples [B]
 * @param labelWeights c of each label [K]
 * @param gradient takes dL/dv [K, D]
 * @returns L
 */
export function headLoss(
  { rows, scale }: HeadParameters,
  { dimension, vectors, targets }: LossExamples,
  batch: Uint32Array,
  labelWeights: Float64Array,
  gradient: Float64Array,
): number {
  const { units, lengths } = unitRows(rows, dimension);
  const pulls = new Float64Array(lengths.length);
  gradient.fill(0);
  let loss = 0;
  for (const example of batch) {
    const target = targets[example]!;
    const share = labelWeights[target]! / batch.length;
    const { cosines, probabilities } = opinionOf(units, scale, vectors, example, dimension);
    loss -= share * Math.log(Math.max(probabilities[target]!, Number.MIN_VALUE));
    for (let k = 0; k < lengths.length; k++) {
      const slope = share * scale * (probabilities[k]! - (k === target ? 1 : 0));
      pulls[k]! += slope * cosines[k]!;
      addScaled(gradient, k * dimension, vectors, example * dimension, dimension, slope);
    }
  }
  removeRadialPart(gradient, units, pulls, lengths, dimension);
  return loss;
}

/** @returns the rows at length 1 [K, D], and the lengths they had [K]. */
export function unitRows(rows: Float64Array, dimension: number): { units: Float64Array; lengths: Float64Array } {
  const lengths = new Float64Array(rows.length / dimension);
  const units = rows.slice();
  for (let k = 0; k < lengths.length; k++) {
    lengths[k] = Math.sqrt(dotAt(rows, k * dimension, rows, k * dimension, dimension));
    for (let i = k * dimension; i < (k + 1) * dimension; i++) units[i]! /= lengths[k]!;
  }
  return { units, lengths };
}

function opinionOf(
  units: Float64Array,
  scale: number,
  vectors: Float32Array,
  example: number,
  dimension: number,
): { cosines: Float64Array; probabilities: Float64Array } {
  const cosines = new Float64Array(units.length / dimension);
  let highest = -1;
  for (let k = 0; k < cosines.length; k++) {
    cosines[k] = dotAt(units, k * dimension, vectors, example * dimension, dimension);
    highest = Math.max(highest, cosines[k]!);
  }
  const probabilities = cosines.map((cosine) => Math.exp(scale * (cosine - highest)));
  const sum = probabilities.reduce((total, power) => total + power, 0);
  for (let k = 0; k < probabilities.length; k++) probabilities[k]! /= sum;
  return { cosines, probabilities };
}

/** The length of a row does not count: what would change it is taken off, and the rest is divided by it. */
function removeRadialPart(
  gradient: Float64Array,
  units: Float64Array,
  pulls: Float64Array,
  lengths: Float64Array,
  dimension: number,
): void {
  for (let k = 0; k < lengths.length; k++) {
    addScaled(gradient, k * dimension, units, k * dimension, dimension, -pulls[k]!);
    for (let i = k * dimension; i < (k + 1) * dimension; i++) gradient[i]! /= lengths[k]!;
  }
}

function addScaled(
  to: Float64Array,
  atTo: number,
  from: Float32Array | Float64Array,
  atFrom: number,
  length: number,
  factor: number,
): void {
  for (let i = 0; i < length; i++) to[atTo + i]! += factor * from[atFrom + i]!;
}
