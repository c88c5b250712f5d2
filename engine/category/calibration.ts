import { argMax, softmax } from './probabilities.js';

/** Bins of the reliability diagram, as in Guo 2017. */
const BINS = 15;
/** Temperatures that are looked at, as logarithms. */
const [COLDEST, HOTTEST] = [Math.log(0.02), Math.log(20)];
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Each halves the range by 0.618: 25 leave less than 0.0001 of it. */
const ROUNDS = 25;

/** Scores of examples before the softmax, and what each truly is. */
export interface JudgedScores {
  /** Logits or log-probabilities [K] of each example. */
  scores: readonly Float64Array[];
  /** Place of the true label of each example. */
  targets: readonly number[];
}

/** A label that was predicted as the likeliest. */
export interface Prediction {
  probability: number;
  isRight: boolean;
}

/**
 * Expected calibration error (Naeini 2015, Guo 2017): predictions are sorted into 15 bins by the probability of their
 * best label; the mean distance, over predictions, of a bin's accuracy from its mean probability. 0 is best.
 */
export function expectedCalibrationError(predictions: readonly Prediction[]): number {
  const bins = Array.from({ length: BINS }, () => ({ sure: 0, right: 0 }));
  for (const { probability, isRight } of predictions) {
    const bin = bins[Math.min(BINS - 1, Math.floor(probability * BINS))]!;
    bin.sure += probability;
    bin.right += Number(isRight);
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / Math.max(1, predictions.length);
}

/** @returns the likeliest label's probability of each example at this temperature, and whether it is the true one. */
export function predictionsOf({ scores, targets }: JudgedScores, temperature: number): Prediction[] {
  return scores.map((row, i) => {
    const best = argMax(row);
    return { probability: softmax(row, temperature)[best]!, isRight: best === targets[i] };
  });
}

/** @returns the share of examples whose best label is the true one; NaN of none. */
export function accuracyOf({ scores, targets }: JudgedScores): number {
  return scores.filter((row, i) => argMax(row) === targets[i]).length / scores.length;
}

/**
 * The mean cross-entropy at this temperature, with the doubt that n examples leave: as in Platt 1999, the true label counts
 * (n + 1) / (n + 2), so that scores that are always right do not make anybody certain; the best of the others has the rest.
 */
export function calibrationLoss({ scores, targets }: JudgedScores, temperature: number): number {
  const doubt = 1 / (scores.length + 2);
  const total = scores.reduce((sum, row, i) => {
    const right = row[targets[i]!]!;
    const highest = row[argMax(row)]!;
    let [partition, other] = [0, -Infinity];
    row.forEach((score, k) => {
      partition += Math.exp((score - highest) / temperature);
      if (k !== targets[i]) other = Math.max(other, score);
    });
    const expected = row.length === 1 ? right : (1 - doubt) * right + doubt * other;
    return sum + Math.log(partition) + (highest - expected) / temperature;
  }, 0);
  return total / scores.length;
}

/**
 * Temperature scaling (Guo 2017): the temperature from 0.02 to 20 with the least {@link calibrationLoss}, by golden section
 * over its logarithm (the loss is convex in 1 / temperature).
 */
export function fitTemperature(judged: JudgedScores): number {
  let [low, high] = [COLDEST, HOTTEST];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  const lossAt = (log: number) => calibrationLoss(judged, Math.exp(log));
  let [lossA, lossB] = [lossAt(a), lossAt(b)];
  for (let round = 0; round < ROUNDS; round++) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - GOLDEN * (high - low);
      lossA = lossAt(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + GOLDEN * (high - low);
      lossB = lossAt(b);
    }
  }
  return Math.exp((low + high) / 2);
}
