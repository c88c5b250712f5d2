import fc from 'fast-check';
import type { ModelProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import type { Affine, Moments, Nchw } from '../reference-ops.js';
import { randomMap, randomValues, seeded } from './random.js';
import { tinyModel } from './tiny-model.js';

/** A batch normalisation and nothing else, with what it holds, and pictures for it. */
export interface LoneNorm {
  model: ModelProto;
  x: Nchw;
  affine: Affine;
  moments: Moments;
  random: () => number;
}

/** Name of its one site. */
export const SITE = 'BatchNormalization:y';

/** Any opset; 1 to 7 channels unless said otherwise, batches of 1 to 3, maps from one point to 5x4. */
export function loneNorm(channels: fc.Arbitrary<number> = fc.integer({ min: 1, max: 7 })): fc.Arbitrary<LoneNorm> {
  const small = (max: number) => fc.integer({ min: 1, max });
  return fc
    .record({
      seed: fc.nat(),
      opset: fc.integer({ min: 7, max: 22 }),
      n: small(3),
      c: channels,
      h: small(5),
      w: small(4),
    })
    .map(({ seed, opset, n, c, h, w }) => {
      const random = seeded(seed);
      const { affine, moments, weights } = parameters(random, c);
      const node = { op: 'BatchNormalization', in: ['x', ...weights.map((it) => it.name)], out: ['y'] };
      const attributes = { epsilon: affine.epsilon };
      const model = tinyModel({ nodes: [{ ...node, attributes }], weights, channels: c, opset });
      return { model, x: randomMap(random, n, c, h, w), affine, moments, random };
    });
}

function parameters(random: () => number, c: number) {
  // as the file holds it; large, so that an epsilon which is lost or replaced by the default shows
  const affine = { scale: randomValues(random, c, -2, 2), bias: randomValues(random, c), epsilon: Math.fround(0.01) };
  const moments = { mean: randomValues(random, c), variance: randomValues(random, c, 0, 2) };
  const vectors = { scale: affine.scale, shift: affine.bias, mean: moments.mean, variance: moments.variance };
  const weights = Object.entries(vectors).map(([name, values]) => floatTensor(name, [c], values));
  return { affine, moments, weights };
}
