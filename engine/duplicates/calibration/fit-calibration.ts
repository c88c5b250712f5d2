import { pairFeatures, pairLogit, BACKGROUND_RATE, FALSE_ALARMS, type PairModel } from '../pair-model.js';
import { expectedCalibrationError, type Outcome } from './calibration-error.js';
import { fitLogistic, logitOf, sigmoid, type LogisticModel } from './logistic-regression.js';
import type { MeasuredCalibration } from './measured.js';
import { upperQuantile } from './upper-quantile.js';

/** How like two pictures are. */
export interface PairLikeness {
  cosine: number;
  /** Bits that differ, the smaller of as they are and mirrored. */
  hashDistance: number;
}

/** Pairs of one part of the pictures; no picture is in two parts. */
export interface PairSample {
  /** Two different pictures drawn at random. */
  random: PairLikeness[];
  /** A picture with one of its nearest others. */
  nearest: PairLikeness[];
  /** A picture with an edited copy of itself. */
  edits: (PairLikeness & { kind: string })[];
}

/** Pictures to fit on, to set the probabilities by, and to measure on. */
export interface CalibrationSamples {
  fit: PairSample;
  scale: PairSample;
  test: PairSample;
}

/** A near-duplicate has even odds at least. */
const EVEN_LOGIT = 0;
/**
 * Odds of 9 to 1 are always enough: what unrelated pairs reach beyond them are real duplicates of the collection, or
 * pictures that cannot be told from them.
 */
const CERTAIN_LOGIT = Math.log(9);
/** The odds that a probability starts from: to each edited copy three of a picture's nearest others, and one at random. */
const SHARES = { edits: 0.2, random: 0.2, nearest: 0.6 } as const;

interface Example extends PairLikeness {
  isCopy: boolean;
  weight: number;
}

/**
 * Logistic regression for P(edited copy | cosine, hash distance), its logits rescaled on pictures it was not fitted on
 * (Platt 1999, with his targets), and the bounds that unrelated pairs reach.
 * @param samples each part with at least one pair of each origin
 */
export function fitPairModel({ fit, scale }: Pick<CalibrationSamples, 'fit' | 'scale'>): PairModel {
  const [withHash, cosineOnly] = [true, false].map((useHash) => {
    const features = (pair: PairLikeness) => pairFeatures(pair.cosine, useHash ? pair.hashDistance : undefined);
    return plattScaled(fitOn(weighted(fit), features), weighted(scale), features);
  }) as [LogisticModel, LogisticModel];
  const random = [...fit.random, ...scale.random];
  const bounded = (model: LogisticModel, useHash: boolean) => boundOf(random, (pair) => logit(model, pair, useHash));
  const minLogit = { withHash: bounded(withHash, true), cosineOnly: bounded(cosineOnly, false) };
  // the real duplicates that a collection has would lift what is to be reached by chance
  const unrelated = random.filter((pair) => logit(withHash, pair, true) < minLogit.withHash);
  const similarCosine = upperQuantile(cosinesOf(unrelated.length > 0 ? unrelated : random), BACKGROUND_RATE);
  return { withHash, cosineOnly, minLogit, similarCosine };
}

function boundOf(pairs: readonly PairLikeness[], logitOfPair: (pair: PairLikeness) => number): number {
  const reached = upperQuantile(Float64Array.from(pairs, logitOfPair), FALSE_ALARMS);
  return Math.min(CERTAIN_LOGIT, Math.max(EVEN_LOGIT, reached));
}

function logit(model: LogisticModel, { cosine, hashDistance }: PairLikeness, useHash: boolean): number {
  return logitOf(model, pairFeatures(cosine, useHash ? hashDistance : undefined));
}

function cosinesOf(pairs: readonly PairLikeness[]): Float64Array {
  return Float64Array.from(pairs, ({ cosine }) => cosine);
}

/**
 * @param unseen kinds of edits that the model was not fitted on; they are told apart and do not enter the calibration error
 * @returns how the model does on pictures that it has not seen
 */
export function measurePairModel(
  model: PairModel,
  { test }: Pick<CalibrationSamples, 'test'>,
  unseen: readonly string[],
): MeasuredCalibration {
  const passes = ({ cosine, hashDistance }: PairLikeness) => pairLogit(model, cosine, hashDistance).margin >= 0;
  const known = { ...test, edits: test.edits.filter(({ kind }) => !unseen.includes(kind)) };
  const recall = (kinds: readonly string[]) =>
    Object.fromEntries(
      kinds.map((kind) => [
        kind,
        shareOf(
          test.edits.filter((edit) => edit.kind === kind),
          passes,
        ),
      ]),
    );
  return {
    calibrationError: expectedCalibrationError(weighted(known).map((example) => outcomeOf(model, example))),
    unseenCalibrationError: expectedCalibrationError(
      weighted({ ...test, edits: test.edits.filter(({ kind }) => unseen.includes(kind)) }).map((example) =>
        outcomeOf(model, example),
      ),
    ),
    falsePer1000: 1000 * shareOf(test.random, passes),
    nearestPer1000: 1000 * shareOf(test.nearest, passes),
    randomPairs: test.random.length,
    nearestPairs: test.nearest.length,
    editedCopies: test.edits.length,
    recall: recall([...new Set(known.edits.map(({ kind }) => kind))]),
    unseenRecall: recall(unseen),
  };
}

function outcomeOf(model: PairModel, { cosine, hashDistance, isCopy, weight }: Example): Outcome {
  return { probability: sigmoid(pairLogit(model, cosine, hashDistance).logit), happened: isCopy, weight };
}

function weighted({ edits, random, nearest }: PairSample): Example[] {
  const as = (pairs: readonly PairLikeness[], isCopy: boolean, share: number): Example[] =>
    pairs.map(({ cosine, hashDistance }) => ({ cosine, hashDistance, isCopy, weight: share / pairs.length }));
  return [...as(edits, true, SHARES.edits), ...as(random, false, SHARES.random), ...as(nearest, false, SHARES.nearest)];
}

function fitOn(examples: readonly Example[], features: (pair: PairLikeness) => number[]): LogisticModel {
  const rows = examples.map(features);
  return fitLogistic({
    features: Float64Array.from(rows.flat()),
    dimension: rows[0]!.length,
    targets: Float64Array.from(examples, ({ isCopy }) => (isCopy ? 1 : 0)),
    weights: Float64Array.from(examples, ({ weight }) => weight),
  });
}

/** @returns the model with its logits stretched and moved so that they fit pictures it was not fitted on. */
function plattScaled(
  model: LogisticModel,
  examples: readonly Example[],
  features: (pair: PairLikeness) => number[],
): LogisticModel {
  const copies = examples.filter(({ isCopy }) => isCopy).length;
  const others = examples.length - copies;
  const { bias, weights } = fitLogistic({
    features: Float64Array.from(examples, (example) => logitOf(model, features(example))),
    dimension: 1,
    targets: Float64Array.from(examples, ({ isCopy }) => (isCopy ? (copies + 1) / (copies + 2) : 1 / (others + 2))),
    weights: Float64Array.from(examples, ({ weight }) => weight),
  });
  const [stretch] = weights as [number];
  return { bias: bias + stretch * model.bias, weights: model.weights.map((weight) => stretch * weight) };
}

/** @returns NaN of none. */
function shareOf<T>(pairs: readonly T[], test: (pair: T) => boolean): number {
  return pairs.filter(test).length / pairs.length;
}
