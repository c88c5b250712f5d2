import { LikenessError } from '../errors.js';

/** A linear map, as whitening or a learned reduction gives it: weights [outputs, inputs] row-major, bias [outputs]. */
export interface Projection {
  inputs: number;
  outputs: number;
  weights: Float32Array;
  bias: Float32Array;
}

/**
 * Cuts the values of a projection file, weights then bias, into a projection.
 * @throws model_invalid if there are more or fewer than outputs * inputs + outputs values.
 */
export function splitProjection(values: Float32Array, inputs: number, outputs: number, file: string): Projection {
  const expected = outputs * inputs + outputs;
  if (values.length !== expected) {
    const shape = `${outputs} x ${inputs} weights and ${outputs} of bias`;
    throw new LikenessError('model_invalid', `${file}: expected ${expected} values (${shape}), got ${values.length}`);
  }
  return { inputs, outputs, weights: values.subarray(0, outputs * inputs), bias: values.subarray(outputs * inputs) };
}

/** @returns W x + b [outputs] for x [inputs]; sums in float64. */
export function project(projection: Projection, x: Float32Array): Float32Array {
  const { inputs, outputs, weights, bias } = projection;
  const y = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    let sum = bias[row]!;
    for (let column = 0; column < inputs; column++) sum += weights[row * inputs + column]! * x[column]!;
    y[row] = sum;
  }
  return y;
}
