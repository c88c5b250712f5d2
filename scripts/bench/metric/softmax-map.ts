import { membersOf } from '../../../engine/learning/class-statistics.js';
import type { LabelledRows } from '../../../engine/learning/learning-method.js';
import { centredMap, multiply, transpose, type LinearMap } from '../../../engine/learning/linear-map.js';
import { seededRandom } from '../../../engine/seeded-random.js';
import { proxyLoss, type ProxyBatch } from './proxy-loss.js';

const BATCH = 64;
/** Momentum and decay of Adam (Kingma & Ba 2015). */
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

export interface SoftmaxOptions {
  /** s of the logits. */
  scale: number;
  rate: number;
  /** Batches of 64. */
  steps: number;
}

/**
 * A projection that is learned by telling classes apart: from `start` on, W and a proxy of each class follow the gradient of
 * {@link proxyLoss} (Adam, batches drawn at random); the proxies are forgotten then.
 * @param start what it starts from; its mean is taken off
 */
export function softmaxMap({ rows, classes }: LabelledRows, start: LinearMap, options: SoftmaxOptions): LinearMap {
  const { inputs: d, outputs } = start;
  const mean = meanOf(rows.values, d);
  const centred = Float64Array.from(rows.values, (value, at) => value - mean[at % d]!);
  const members = membersOf(classes);
  const numbers = new Int32Array(rows.count);
  members.forEach((ofClass, number) => ofClass.forEach((row) => (numbers[row] = number)));
  const map = unitScale(start.weights, outputs);
  const proxies = multiply(classMeans(centred, members, d), transpose(map, outputs, d), members.length, d, outputs);
  const [stepMap, stepProxies] = [adam(map, options.rate), adam(proxies, options.rate)];
  const random = seededRandom(1);
  for (let step = 0; step < options.steps; step++) {
    const batch = drawBatch(centred, numbers, d, random);
    const { gradient } = proxyLoss({ map, proxies }, batch, { outputs, scale: options.scale });
    stepMap(gradient.map);
    stepProxies(gradient.proxies);
  }
  return centredMap(map, mean, outputs);
}

/** The length of W does not count; one row of it is about 1, so that a rate means the same whatever it starts from. */
function unitScale(weights: Float32Array, outputs: number): Float64Array {
  const squares = weights.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from(weights, (value) => value * Math.sqrt(outputs / squares));
}

function meanOf(values: Float32Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  values.forEach((value, at) => (mean[at % d]! += (value * d) / values.length));
  return mean;
}

function classMeans(centred: Float64Array, members: readonly number[][], d: number): Float64Array {
  const means = new Float64Array(members.length * d);
  members.forEach((rows, number) => {
    for (const row of rows) for (let k = 0; k < d; k++) means[number * d + k]! += centred[row * d + k]! / rows.length;
  });
  return means;
}

function drawBatch(centred: Float64Array, classes: Int32Array, d: number, random: () => number): ProxyBatch {
  const drawn = Int32Array.from({ length: BATCH }, () => Math.floor(random() * classes.length));
  const inputs = new Float64Array(BATCH * d);
  drawn.forEach((row, i) => inputs.set(centred.subarray(row * d, (row + 1) * d), i * d));
  return { inputs, classes: drawn.map((row) => classes[row]!) };
}

/** @returns what changes the parameters in place, against a gradient. */
function adam(parameters: Float64Array, rate: number): (gradient: Float64Array) => void {
  const [mean, square] = [new Float64Array(parameters.length), new Float64Array(parameters.length)];
  let steps = 0;
  return (gradient) => {
    steps += 1;
    const [bias1, bias2] = [1 - BETA_1 ** steps, 1 - BETA_2 ** steps];
    gradient.forEach((slope, i) => {
      mean[i] = BETA_1 * mean[i]! + (1 - BETA_1) * slope;
      square[i] = BETA_2 * square[i]! + (1 - BETA_2) * slope * slope;
      parameters[i]! -= (rate * (mean[i] / bias1)) / (Math.sqrt(square[i] / bias2) + EPSILON);
    });
  };
}
