import { multiply, transpose } from './linear-map.js';

/** What is learned: a projection W [outputs, inputs] and a proxy of each class [K, outputs], of any length above 0. */
export interface ProxyParameters {
  map: Float64Array;
  proxies: Float64Array;
}

/** A batch of B centred descriptors x [B, inputs], and the class of each. */
export interface ProxyBatch {
  inputs: Float64Array;
  classes: ArrayLike<number>;
}

/** Rows at length 1, and the lengths that they had. */
interface Units {
  rows: Float64Array;
  lengths: Float64Array;
}

/**
 * Softmax cross-entropy over cosines with class proxies (normalised softmax, Zhai & Wu 2019), the mean over a batch:
 *
 *     y_i = W x_i,  c_ik = cos(y_i, p_k),  L = (1/B) sum_i (log sum_k exp(s c_ik) - s c_iy)
 *
 * @param outputs length of y. @returns L, dL/dW and dL/dp
 */
export function proxyLoss(
  { map, proxies }: ProxyParameters,
  { inputs, classes }: ProxyBatch,
  { outputs, scale }: { outputs: number; scale: number },
): { loss: number; gradient: ProxyParameters } {
  const [count, k, d] = [classes.length, proxies.length / outputs, map.length / outputs];
  const projected = unitsOf(multiply(inputs, transpose(map, outputs, d), count, d, outputs), outputs);
  const centres = unitsOf(proxies, outputs);
  const cosines = multiply(projected.rows, transpose(centres.rows, k, outputs), count, outputs, k);
  const { loss, slopes } = crossEntropy(cosines, classes, scale);
  const ofProjected = throughUnits(multiply(slopes, centres.rows, count, k, outputs), projected, outputs);
  const ofProxies = multiply(transpose(slopes, count, k), projected.rows, k, count, outputs);
  return {
    loss,
    gradient: {
      map: multiply(transpose(ofProjected, count, outputs), inputs, outputs, count, d),
      proxies: throughUnits(ofProxies, centres, outputs),
    },
  };
}

/** @param cosines [B, K]. @returns the mean cross-entropy, and its slope by each cosine [B, K] */
function crossEntropy(
  cosines: Float64Array,
  classes: ArrayLike<number>,
  scale: number,
): { loss: number; slopes: Float64Array } {
  const [count, k] = [classes.length, cosines.length / classes.length];
  const slopes = new Float64Array(cosines.length);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = cosines.subarray(i * k, (i + 1) * k);
    const powers = row.map((cosine) => Math.exp(scale * (cosine - 1)));
    const sum = powers.reduce((total, power) => total + power, 0);
    const own = classes[i]!;
    loss -= Math.log(powers[own]! / sum) / count;
    powers.forEach((power, j) => {
      slopes[i * k + j] = (scale / count) * (power / sum - Number(j === own));
    });
  }
  return { loss, slopes };
}

function unitsOf(values: Float64Array, dimension: number): Units {
  const rows = values.slice();
  const lengths = new Float64Array(values.length / dimension);
  for (let i = 0; i < lengths.length; i++) {
    const row = rows.subarray(i * dimension, (i + 1) * dimension);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    row.forEach((value, at) => (row[at] = value / length));
    lengths[i] = length;
  }
  return { rows, lengths };
}

/** The gradient by rows, from that by their directions: what would only change a length is taken off. */
function throughUnits(gradient: Float64Array, { rows, lengths }: Units, dimension: number): Float64Array {
  const through = new Float64Array(gradient.length);
  lengths.forEach((length, i) => {
    let radial = 0;
    for (let at = i * dimension; at < (i + 1) * dimension; at++) radial += gradient[at]! * rows[at]!;
    for (let at = i * dimension; at < (i + 1) * dimension; at++)
      through[at] = (gradient[at]! - radial * rows[at]!) / length;
  });
  return through;
}
