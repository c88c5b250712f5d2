import { Adam } from '../adam.js';
import { seededRandom } from '../seeded-random.js';
import { membersOf } from './class-statistics.js';
import type { LabelledRows } from './learning-method.js';
import { centredMap, multiply, transpose, type LinearMap } from './linear-map.js';
import { proxyLoss, type ProxyBatch } from './proxy-loss.js';

const BATCH = 64;
/** Rounds over the images, and batches at least. More fit the classes at hand, and harm those that were not learned from. */
const [ROUNDS, LEAST_STEPS] = [6, 100];
/** Logits from -16 to 16, as the category head has. */
const SCALE = 16;
/** Of rows of W of length about 1. */
const RATE = 0.001;

/**
 * A projection that is learned by telling classes apart: from `start` on, W and a proxy of each class follow the gradient of
 * {@link proxyLoss} (Adam, batches drawn at random); the proxies are forgotten then.
 * @param start what it starts from; its mean is taken off
 */
export function softmaxMap({ rows, classes }: LabelledRows, start: LinearMap): LinearMap {
  const { inputs: d, outputs } = start;
  const mean = meanOf(rows.values, d);
  const centred = Float64Array.from(rows.values, (value, at) => value - mean[at % d]!);
  const members = membersOf(classes);
  const numbers = new Int32Array(rows.count);
  members.forEach((ofClass, number) => ofClass.forEach((row) => (numbers[row] = number)));
  const map = unitScale(start.weights, outputs);
  const proxies = multiply(classMeans(centred, members, d), transpose(map, outputs, d), members.length, d, outputs);
  const [ofMap, ofProxies] = [new Adam(map.length, RATE), new Adam(proxies.length, RATE)];
  const random = seededRandom(1);
  const steps = Math.max(LEAST_STEPS, Math.ceil((ROUNDS * rows.count) / BATCH));
  for (let step = 0; step < steps; step++) {
    const batch = drawBatch(centred, numbers, d, random);
    const { gradient } = proxyLoss({ map, proxies }, batch, { outputs, scale: SCALE });
    ofMap.step(map, gradient.map);
    ofProxies.step(proxies, gradient.proxies);
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
