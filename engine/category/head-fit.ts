import { seededRandom } from '../seeded-random.js';
import { Adam } from '../adam.js';
import type { CosineHead } from './cosine-head.js';
import { headLoss, unitRows, type HeadParameters } from './head-loss.js';
import type { HeadSettings } from './head-settings.js';
import { shuffled, splitHeldOut, type Split } from './held-out.js';
import type { TrainingExamples } from './training-examples.js';

/** Logits go from -16 to 16, sharp enough for hundreds of labels; how sure they make is left to temperature scaling. */
const SCALE = 16;
const RATE = 0.01;
const BATCH = 64;
/** Rounds over all training examples at most. */
export const MAX_EPOCHS = 100;
/** Rounds without a better loss on the held-out examples after which it stops. */
const PATIENCE = 8;
/** A better loss is better by this much. */
const LEAST_GAIN = 1e-4;

/** Softmax regression on frozen descriptors, round by round, so that whoever trains can stop and tell how far it is. */
export class HeadFit {
  readonly split: Split;
  readonly #examples: TrainingExamples;
  readonly #random: () => number;
  readonly #labelWeights: Float64Array;
  readonly #parameters: HeadParameters;
  readonly #adam: Adam;
  readonly #gradient: Float64Array;
  #epoch = 0;
  #best: { rows: Float64Array; loss: number; epoch: number };

  constructor(examples: TrainingExamples, settings: HeadSettings) {
    this.#examples = examples;
    this.#random = seededRandom(settings.seed);
    this.split = splitHeldOut(examples.targets, settings.heldOut, this.#random);
    this.#labelWeights = labelWeights(examples, this.split.training, settings.balanced);
    this.#parameters = { rows: meanRows(examples, this.split.training), scale: SCALE };
    this.#gradient = new Float64Array(this.#parameters.rows.length);
    this.#adam = new Adam(this.#gradient.length, RATE);
    this.#best = { rows: this.#parameters.rows.slice(), loss: this.#heldOutLoss(), epoch: 0 };
  }

  /** One round over the training examples. @returns whether there is nothing more to gain */
  step(): { epoch: number; done: boolean } {
    this.#epoch += 1;
    const order = shuffled(this.split.training.length, this.#random).map((place) => this.split.training[place]!);
    for (let start = 0; start < order.length; start += BATCH) {
      const batch = order.subarray(start, start + BATCH);
      headLoss(this.#parameters, this.#examples, batch, this.#labelWeights, this.#gradient);
      this.#adam.step(this.#parameters.rows, this.#gradient);
    }
    const loss = this.#heldOutLoss();
    if (loss < this.#best.loss - LEAST_GAIN)
      this.#best = { rows: this.#parameters.rows.slice(), loss, epoch: this.#epoch };
    return { epoch: this.#epoch, done: this.#epoch >= MAX_EPOCHS || this.#epoch - this.#best.epoch >= PATIENCE };
  }

  /** @returns the head as it was in the round that did best on the held-out examples. */
  head(): CosineHead & { epoch: number } {
    const { dimension } = this.#examples;
    const weights = Float32Array.from(unitRows(this.#best.rows, dimension).units);
    return { dimension, weights, scale: SCALE, epoch: this.#best.epoch };
  }

  #heldOutLoss(): number {
    const { split } = this;
    const judged = split.heldOut.length > 0 ? split.heldOut : split.training;
    return headLoss(this.#parameters, this.#examples, judged, this.#labelWeights, this.#gradient);
  }
}

/** @returns the mean descriptor of each label [K, D]: where training starts, and a fair classifier by itself. */
function meanRows({ labels, dimension, vectors, targets }: TrainingExamples, training: Uint32Array): Float64Array {
  const rows = new Float64Array(labels.length * dimension);
  for (const example of training) {
    const at = targets[example]! * dimension;
    for (let i = 0; i < dimension; i++) rows[at + i]! += vectors[example * dimension + i]!;
  }
  // opposite descriptors may cancel out, and a row must have a direction
  for (let k = 0; k < labels.length; k++) rows[k * dimension]! += 1e-6;
  return rows;
}

/** @returns what an example of each label counts [K]: 1, or n / (K n_k), which gives each label the same total. */
function labelWeights({ labels, targets }: TrainingExamples, training: Uint32Array, balanced: boolean): Float64Array {
  const counts = new Float64Array(labels.length);
  for (const example of training) counts[targets[example]!]! += 1;
  return counts.map((count) => (balanced ? training.length / (labels.length * Math.max(1, count)) : 1));
}
