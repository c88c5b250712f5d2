import { Matrix, solve } from 'ml-matrix';

/** P(y = 1 | x) = sigmoid(bias + weights . x). */
export interface LogisticModel {
  bias: number;
  weights: number[];
}

export interface LogisticExamples {
  /** [count, dimension] row-major. */
  features: Float64Array;
  dimension: number;
  /** In [0,1], [count]. */
  targets: Float64Array;
  /** How much each example counts [count]; only the ratios matter. */
  weights: Float64Array;
}

/** Keeps the weights finite where a plane parts the examples; in units of the mean loss, weights standardised. */
const RIDGE = 1e-4;
const MAX_STEPS = 60;
/** Halvings of a step that would make the loss larger. */
const MAX_HALVINGS = 20;
const TOLERANCE = 1e-9;

/** Weighted logistic regression by Newton's method (iteratively reweighted least squares), with a small ridge. */
export function fitLogistic(examples: LogisticExamples): LogisticModel {
  const scale = scaleOf(examples);
  const rows = standardize(examples, scale);
  let beta = new Float64Array(examples.dimension + 1);
  let loss = lossOf(beta, rows, examples);
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = newtonStep(beta, rows, examples);
    const next = descend(beta, direction, loss, (trial) => lossOf(trial, rows, examples));
    if (next === undefined) break;
    const gain = loss - next.loss;
    ({ beta, loss } = next);
    if (gain < TOLERANCE) break;
  }
  return inOriginalUnits(beta, scale);
}

/** @returns the logit of one example, log(P / (1 - P)). */
export function logitOf({ bias, weights }: LogisticModel, features: ArrayLike<number>): number {
  return weights.reduce((sum, weight, i) => sum + weight * features[i]!, bias);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

interface Scale {
  mean: Float64Array;
  deviation: Float64Array;
}

function scaleOf({ features, dimension, weights }: LogisticExamples): Scale {
  const total = sum(weights);
  const mean = new Float64Array(dimension);
  const square = new Float64Array(dimension);
  weights.forEach((weight, row) => {
    for (let i = 0; i < dimension; i++) {
      const value = features[row * dimension + i]!;
      mean[i] = mean[i]! + (weight * value) / total;
      square[i] = square[i]! + (weight * value * value) / total;
    }
  });
  // a feature that never changes says nothing; its weight is then 0 by the ridge
  return { mean, deviation: square.map((value, i) => Math.sqrt(Math.max(0, value - mean[i]! ** 2)) || 1) };
}

/** @returns rows of 1 and the standardised features, [count, dimension + 1]. */
function standardize({ features, dimension, weights }: LogisticExamples, { mean, deviation }: Scale): Float64Array {
  const width = dimension + 1;
  return Float64Array.from({ length: weights.length * width }, (_, at) => {
    const column = at % width;
    if (column === 0) return 1;
    const row = (at - column) / width;
    return (features[row * dimension + column - 1]! - mean[column - 1]!) / deviation[column - 1]!;
  });
}

function lossOf(beta: Float64Array, rows: Float64Array, { targets, weights }: LogisticExamples): number {
  let loss = 0;
  for (let row = 0; row < weights.length; row++) {
    const logit = dotRow(beta, rows, row);
    // log(1 + e^z) - y z, written so that e^z cannot overflow
    loss += weights[row]! * (Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - targets[row]! * logit);
  }
  return loss / sum(weights) + (RIDGE / 2) * sum(beta.subarray(1).map((value) => value * value));
}

function newtonStep(beta: Float64Array, rows: Float64Array, { targets, weights }: LogisticExamples): number[] {
  const width = beta.length;
  const total = sum(weights);
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let row = 0; row < weights.length; row++) {
    const p = sigmoid(dotRow(beta, rows, row));
    const share = weights[row]! / total;
    for (let i = 0; i < width; i++) {
      const x = rows[row * width + i]!;
      gradient[i] = gradient[i]! + share * (p - targets[row]!) * x;
      for (let j = 0; j <= i; j++)
        hessian[i * width + j] = hessian[i * width + j]! + share * p * (1 - p) * x * rows[row * width + j]!;
    }
  }
  const curvature = Matrix.zeros(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      const value = hessian[i * width + j]! + (i === j ? RIDGE : 0);
      curvature.set(i, j, value).set(j, i, value);
    }
    if (i > 0) gradient[i] = gradient[i]! + RIDGE * beta[i]!;
  }
  return solve(curvature, Matrix.columnVector(Array.from(gradient))).to1DArray();
}

/** @returns the first point along the step, halved as often as needed, that is better; undefined if none is. */
function descend(
  beta: Float64Array,
  step: readonly number[],
  loss: number,
  lossAt: (trial: Float64Array) => number,
): { beta: Float64Array<ArrayBuffer>; loss: number } | undefined {
  for (let halving = 0; halving < MAX_HALVINGS; halving++) {
    const trial = Float64Array.from(beta, (value, i) => value - step[i]! / 2 ** halving);
    const found = lossAt(trial);
    if (found < loss) return { beta: trial, loss: found };
  }
  return undefined;
}

function inOriginalUnits(beta: Float64Array, { mean, deviation }: Scale): LogisticModel {
  const weights = Array.from(beta.subarray(1), (value, i) => value / deviation[i]!);
  return { bias: weights.reduce((bias, weight, i) => bias - weight * mean[i]!, beta[0]!), weights };
}

function dotRow(beta: Float64Array, rows: Float64Array, row: number): number {
  let dot = 0;
  for (let i = 0; i < beta.length; i++) dot += beta[i]! * rows[row * beta.length + i]!;
  return dot;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
