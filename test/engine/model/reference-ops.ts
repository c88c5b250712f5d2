/** Formulas of the layers in plain loops and float64: what the graph passes are held against. Layout [n,c,h,w], row-major. */

export interface Nchw {
  n: number;
  c: number;
  h: number;
  w: number;
  data: Float64Array;
}

export interface Affine {
  scale: ArrayLike<number>;
  bias: ArrayLike<number>;
  epsilon: number;
}

export interface Moments {
  mean: ArrayLike<number>;
  variance: ArrayLike<number>;
}

/** @returns a map of the same shape whose values are f(value, picture, channel, pixel). */
export function mapValues(x: Nchw, f: (value: number, n: number, c: number, pixel: number) => number): Nchw {
  const pixels = x.h * x.w;
  const data = x.data.map((value, i) => {
    const plane = Math.floor(i / pixels);
    return f(value, Math.floor(plane / x.c), plane % x.c, i % pixels);
  });
  return { ...x, data };
}

export function relu(x: Nchw): Nchw {
  return mapValues(x, (value) => Math.max(value, 0));
}

export function add(x: Nchw, y: Nchw): Nchw {
  return { ...x, data: x.data.map((value, i) => value + y.data[i]!) };
}

/** @returns channels from..to of every picture. */
export function channels(x: Nchw, from: number, to: number): Nchw {
  const pixels = x.h * x.w;
  const parts = Array.from({ length: x.n }, (_, n) => [
    ...x.data.subarray((n * x.c + from) * pixels, (n * x.c + to) * pixels),
  ]);
  return { ...x, c: to - from, data: Float64Array.from(parts.flat()) };
}

export function concat(a: Nchw, b: Nchw): Nchw {
  const take = (x: Nchw, n: number) => [...x.data.subarray(n * x.c * x.h * x.w, (n + 1) * x.c * x.h * x.w)];
  const parts = Array.from({ length: a.n }, (_, n) => [...take(a, n), ...take(b, n)]);
  return { ...a, c: a.c + b.c, data: Float64Array.from(parts.flat()) };
}

export function batchNorm(x: Nchw, { scale, bias, epsilon }: Affine, { mean, variance }: Moments): Nchw {
  return mapValues(x, (value, _, c) => (scale[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + epsilon) + bias[c]!);
}

/** Statistics over each group of channels, its rows and columns; `groups` = c is instance, 1 is layer normalisation. */
export function groupNorm(x: Nchw, groups: number, { scale, bias, epsilon }: Affine): Nchw {
  const size = (x.c / groups) * x.h * x.w;
  const groupOf = (n: number, c: number) => n * groups + Math.floor(c / (x.c / groups));
  const parts = Array.from({ length: x.n * groups }, (_, g) => momentsOf(x.data.subarray(g * size, (g + 1) * size)));
  return mapValues(x, (value, n, c) => {
    const { mean, variance } = parts[groupOf(n, c)]!;
    return (scale[c]! * (value - mean)) / Math.sqrt(variance + epsilon) + bias[c]!;
  });
}

export function instanceNorm(x: Nchw, affine: Affine): Nchw {
  return groupNorm(x, x.c, affine);
}

/** The stored moments, weighted by runWeight, with those of each picture's own map. */
export function mixNorm(x: Nchw, { scale, bias, epsilon }: Affine, stored: Moments, runWeight: number): Nchw {
  const own = planes(x).map(momentsOf);
  return mapValues(x, (value, n, c) => {
    const { mean, variance } = own[n * x.c + c]!;
    const mixedMean = runWeight * stored.mean[c]! + (1 - runWeight) * mean;
    const mixedVariance = runWeight * stored.variance[c]! + (1 - runWeight) * variance;
    return (scale[c]! * (value - mixedMean)) / Math.sqrt(mixedVariance + epsilon) + bias[c]!;
  });
}

/** @returns mean and population variance of each channel over all pictures. */
export function channelMoments(x: Nchw): { mean: number[]; variance: number[] } {
  const perChannel = Array.from({ length: x.c }, (_, c) => {
    const values = planes(x).flatMap((plane, i) => (i % x.c === c ? [...plane] : []));
    return momentsOf(Float64Array.from(values));
  });
  return { mean: perChannel.map((it) => it.mean), variance: perChannel.map((it) => it.variance) };
}

export interface ConvShape {
  /** Output channels, and rows and columns of the kernel. */
  outputs: number;
  kernel: number;
  stride: number;
  pad: number;
  groups: number;
}

/** weight [outputs, c/groups, kernel, kernel]. */
export function conv(x: Nchw, weight: ArrayLike<number>, bias: ArrayLike<number>, shape: ConvShape): Nchw {
  const { outputs, kernel, stride, pad, groups } = shape;
  const h = Math.floor((x.h + 2 * pad - kernel) / stride) + 1;
  const w = Math.floor((x.w + 2 * pad - kernel) / stride) + 1;
  const empty = { n: x.n, c: outputs, h, w, data: new Float64Array(x.n * outputs * h * w) };
  const perGroup = x.c / groups;
  return mapValues(empty, (_, n, o, pixel) => {
    const first = Math.floor(o / (outputs / groups)) * perGroup;
    let sum = bias[o] ?? 0;
    for (let k = 0; k < perGroup * kernel * kernel; k++) {
      const row = Math.floor(pixel / w) * stride - pad + (Math.floor(k / kernel) % kernel);
      const column = (pixel % w) * stride - pad + (k % kernel);
      if (row < 0 || column < 0 || row >= x.h || column >= x.w) continue;
      const channel = first + Math.floor(k / (kernel * kernel));
      sum += weight[o * perGroup * kernel * kernel + k]! * x.data[((n * x.c + channel) * x.h + row) * x.w + column]!;
    }
    return sum;
  });
}

/** Generalised mean over each map, [n,c] row-major: mean(max(x, eps)^p)^(1/p). */
export function gem(x: Nchw, p: number, eps: number): Float64Array {
  return Float64Array.from(planes(x), (plane) => {
    const sum = plane.reduce((total, value) => total + Math.max(value, eps) ** p, 0);
    return (sum / plane.length) ** (1 / p);
  });
}

function planes(x: Nchw): Float64Array[] {
  const size = x.h * x.w;
  return Array.from({ length: x.n * x.c }, (_, i) => x.data.subarray(i * size, (i + 1) * size));
}

function momentsOf(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

/** A linear map of vectors: weight [outputs, inputs] row-major. */
export interface Linear {
  weight: ArrayLike<number>;
  bias: ArrayLike<number>;
}

/** Layer normalisation whose scale and bias come from a = mean over pixels of tanh(summary of the pixel). */
export function dynamicLayerNorm(
  x: Nchw,
  { summary, gain, shift }: Record<'summary' | 'gain' | 'shift', Linear>,
  epsilon: number,
): Nchw {
  const pixels = x.h * x.w;
  const at = (n: number, pixel: number) =>
    Array.from({ length: x.c }, (_, c) => x.data[(n * x.c + c) * pixels + pixel]!);
  const affines = Array.from({ length: x.n }, (_, n) => {
    const hidden = Array.from({ length: pixels }, (_, pixel) => linear(at(n, pixel), summary).map(Math.tanh));
    const a = hidden[0]!.map((_, d) => hidden.reduce((sum, it) => sum + it[d]!, 0) / pixels);
    return { gain: linear(a, gain), shift: linear(a, shift) };
  });
  const unit = { scale: new Float64Array(x.c).fill(1), bias: new Float64Array(x.c), epsilon };
  return mapValues(groupNorm(x, 1, unit), (value, n, c) => value * affines[n]!.gain[c]! + affines[n]!.shift[c]!);
}

function linear(x: readonly number[], { weight, bias }: Linear): number[] {
  return Array.from(bias, (b, o) => x.reduce((sum, value, i) => sum + value * weight[o * x.length + i]!, b));
}
