/** x -> W x + b as a projection stage takes it: weights [outputs, inputs] row-major, bias [outputs]. */
export interface LinearMap {
  inputs: number;
  outputs: number;
  weights: Float32Array;
  bias: Float32Array;
}

/**
 * @param rows P [at least outputs, inputs] row-major, of which the first `outputs` rows are used. @param mean m [inputs].
 * @returns x -> P (x - m), the bias summed in float64.
 */
export function centredMap(rows: Float64Array, mean: ArrayLike<number>, outputs: number): LinearMap {
  const inputs = mean.length;
  const bias = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    let sum = 0;
    for (let k = 0; k < inputs; k++) sum += rows[row * inputs + k]! * mean[k]!;
    bias[row] = -sum;
  }
  return { inputs, outputs, weights: Float32Array.from(rows.subarray(0, outputs * inputs)), bias };
}

/** @returns the map's first outputs only; all of them if there are no more. */
export function truncateMap({ inputs, outputs, weights, bias }: LinearMap, wanted: number): LinearMap {
  const kept = Math.min(outputs, wanted);
  return { inputs, outputs: kept, weights: weights.slice(0, kept * inputs), bias: bias.slice(0, kept) };
}

/** @returns the values of a projection file: weights, then bias, little-endian float32 on every machine. */
export function projectionBytes({ weights, bias }: LinearMap): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * (weights.length + bias.length)));
  weights.forEach((value, i) => view.setFloat32(4 * i, value, true));
  bias.forEach((value, i) => view.setFloat32(4 * (weights.length + i), value, true));
  return new Uint8Array(view.buffer);
}

/** @returns a b, of a [n, k] and b [k, m] row-major. */
export function multiply(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
  const product = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < k; l++) {
      const value = a[i * k + l]!;
      if (value === 0) continue;
      for (let j = 0; j < m; j++) product[i * m + j]! += value * b[l * m + j]!;
    }
  }
  return product;
}

/** @returns the transpose of a [n, m]. */
export function transpose(a: Float64Array, n: number, m: number): Float64Array {
  const transposed = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) transposed[j * n + i] = a[i * m + j]!;
  return transposed;
}
