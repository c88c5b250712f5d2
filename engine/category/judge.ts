import { accuracyOf, calibrationLoss, expectedCalibrationError, fitTemperature, predictionsOf } from './calibration.js';
import type { JudgedScores } from './calibration.js';
import type { Calibration, HeadReport, PredictorReport } from './category-head.js';
import { dotAt, headLogits, type CosineHead } from './cosine-head.js';
import { pooledLogs, smoothedLogs, softmax } from './probabilities.js';
import type { TrainingExamples } from './training-examples.js';
import { voteOfNeighbours, type Neighbour } from './vote.js';
import { UNFITTED, VOTE } from './vote-settings.js';

/** With fewer held-out examples nothing is fitted to them. */
const LEAST_EXAMPLES = 20;
/** Weights of the vote that are tried. */
const WEIGHTS = Array.from({ length: 11 }, (_, i) => i / 10);

/** What both predictors think of the held-out examples, as probabilities over all labels. */
interface Opinions {
  /** Each [K]. */
  votes: Float64Array[];
  logits: Float64Array[];
  targets: number[];
}

/**
 * Fits on held-out examples what makes the head and its pool with the vote calibrated, and how much the vote counts in the
 * pool. What is reported was found on one half of them and measured on the other, both ways.
 */
export function judgePredictors(
  examples: TrainingExamples,
  head: CosineHead,
  heldOut: Uint32Array,
): { calibration: Calibration; measured: HeadReport['measured'] } {
  const opinions = opinionsOf(examples, head, heldOut);
  if (heldOut.length < LEAST_EXAMPLES) return { calibration: UNFITTED, measured: undefined };
  return { calibration: calibrate(opinions), measured: crossMeasure(opinions) };
}

function opinionsOf(examples: TrainingExamples, head: CosineHead, heldOut: Uint32Array): Opinions {
  const { dimension, vectors, targets } = examples;
  const rows = Array.from(heldOut, (i) => vectors.subarray(i * dimension, (i + 1) * dimension));
  return {
    votes: Array.from(heldOut, (example) => voteWithout(examples, example)),
    logits: rows.map((row) => headLogits(head, row)),
    targets: Array.from(heldOut, (example) => targets[example]!),
  };
}

/** @returns the shares [K] that an example's neighbours give to each label, the example itself left out. */
function voteWithout({ dimension, labels, vectors, targets }: TrainingExamples, example: number): Float64Array {
  const scores = Float64Array.from(targets, (_, other) =>
    other === example ? -Infinity : dotAt(vectors, example * dimension, vectors, other * dimension, dimension),
  );
  const worst = scores.slice().sort().at(-VOTE.neighbours) ?? -Infinity;
  const near: Neighbour[] = [];
  scores.forEach((score, other) => {
    if (score >= worst && score > -Infinity) near.push({ label: targets[other]!, score });
  });
  const shares = new Float64Array(labels.length);
  for (const [target, share] of voteOfNeighbours(near, VOTE.temperature)) shares[target as number] = share;
  return shares;
}

function calibrate(opinions: Opinions): Calibration {
  const weight = WEIGHTS.map((tried) => ({ tried, loss: pooledLoss(opinions, tried) })).reduce((best, one) =>
    one.loss < best.loss ? one : best,
  ).tried;
  return {
    weight,
    temperatures: {
      // not fitted: what is held out has one voter of its own label less than a query has, and fits too warm
      vote: UNFITTED.temperatures.vote,
      head: fitTemperature(ofHead(opinions)),
      fused: fitTemperature(ofPool(opinions, weight)),
    },
  };
}

function pooledLoss(opinions: Opinions, weight: number): number {
  const pool = ofPool(opinions, weight);
  return calibrationLoss(pool, fitTemperature(pool));
}

const ofVote = ({ votes, targets }: Opinions): JudgedScores => ({ scores: votes.map(smoothedLogs), targets });
const ofHead = ({ logits, targets }: Opinions): JudgedScores => ({ scores: logits, targets });
const ofPool = ({ votes, logits, targets }: Opinions, weight: number): JudgedScores => ({
  scores: votes.map((vote, i) => pooledLogs(vote, softmax(logits[i]!), weight)),
  targets,
});

/** Fits on the even examples and measures on the odd ones, then the other way round. */
function crossMeasure(opinions: Opinions): NonNullable<HeadReport['measured']> {
  const halves = [0, 1].map((half) => every2nd(opinions, half));
  const folds = [
    { fitted: calibrate(halves[0]!), on: halves[1]! },
    { fitted: calibrate(halves[1]!), on: halves[0]! },
  ];
  const measure = (
    name: keyof Calibration['temperatures'],
    scoresOf: (on: Opinions, fitted: Calibration) => JudgedScores,
  ): PredictorReport => {
    const parts = folds.map(({ fitted, on }) => {
      const judged = scoresOf(on, fitted);
      return {
        accuracy: accuracyOf(judged),
        calibrationErrorBefore: expectedCalibrationError(predictionsOf(judged, 1)),
        calibrationError: expectedCalibrationError(predictionsOf(judged, fitted.temperatures[name])),
      };
    });
    const mean = (key: keyof PredictorReport) => (parts[0]![key] + parts[1]![key]) / 2;
    return {
      accuracy: mean('accuracy'),
      calibrationErrorBefore: mean('calibrationErrorBefore'),
      calibrationError: mean('calibrationError'),
    };
  };
  return {
    vote: measure('vote', ofVote),
    head: measure('head', ofHead),
    fused: measure('fused', (on, { weight }) => ofPool(on, weight)),
  };
}

function every2nd({ votes, logits, targets }: Opinions, first: number): Opinions {
  const isOurs = (_: unknown, i: number) => i % 2 === first;
  return { votes: votes.filter(isOurs), logits: logits.filter(isOurs), targets: targets.filter(isOurs) };
}
