import fc from 'fast-check';
import type { ModelProto, TensorProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { randomMap, randomValues, seeded } from './random.js';
import type { Nchw } from '../reference-ops.js';
import { tinyModel, type TinyNode } from './tiny-model.js';

export interface RandomModel {
  model: ModelProto;
  /** A batch of pictures for its input x. */
  x: Nchw;
  /** Channels behind each layer, first to last. */
  widths: number[];
}

/**
 * Stacks of Conv -> BatchNormalization -> Relu, with a residual addition around layers that keep their width: any opset,
 * 1 to 7 channels, grouped and depthwise convolutions, with bias or without, batches of 1 to 3, maps of 1x1 to 5x4.
 */
export function randomModel(): fc.Arbitrary<RandomModel> {
  const shape = fc.record({
    seed: fc.nat(),
    opset: fc.integer({ min: 7, max: 22 }),
    input: fc.integer({ min: 1, max: 4 }),
    layers: fc.array(
      fc.record({
        width: fc.integer({ min: 1, max: 7 }),
        depthwise: fc.boolean(),
        bias: fc.boolean(),
        residual: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    n: fc.integer({ min: 1, max: 3 }),
    h: fc.integer({ min: 1, max: 5 }),
    w: fc.integer({ min: 1, max: 4 }),
  });
  return shape.map(build);
}

interface Layer {
  width: number;
  depthwise: boolean;
  bias: boolean;
  residual: boolean;
}

interface Shape {
  seed: number;
  opset: number;
  input: number;
  layers: Layer[];
  n: number;
  h: number;
  w: number;
}

function build({ seed, opset, input, layers, n, h, w }: Shape): RandomModel {
  const random = seeded(seed);
  const nodes: TinyNode[] = [];
  const weights: TensorProto[] = [];
  const widths: number[] = [];
  let [value, channels] = ['x', input];
  for (const [i, layer] of layers.entries()) {
    const width = layer.depthwise ? channels : layer.width;
    weights.push(...layerWeights(random, i, channels, width, layer));
    nodes.push(...layerNodes(i, value, channels, layer, layer.residual && width === channels));
    [value, channels] = [`relu${i}`, width];
    widths.push(width);
  }
  const outputs = [value];
  return {
    model: tinyModel({ nodes, weights, channels: input, outputs, opset }),
    x: randomMap(random, n, input, h, w),
    widths,
  };
}

function layerNodes(
  i: number,
  value: string,
  channels: number,
  { depthwise, bias }: Layer,
  residual: boolean,
): TinyNode[] {
  const group = depthwise ? BigInt(channels) : 1n;
  const vectors = ['scale', 'shift', 'mean', 'variance'].map((name) => `${name}${i}`);
  const inputs = [value, `weight${i}`, ...(bias ? [`bias${i}`] : [])];
  return [
    {
      op: 'Conv',
      in: inputs,
      out: [`conv${i}`],
      attributes: { group, kernel_shape: [3n, 3n], pads: [1n, 1n, 1n, 1n] },
    },
    { op: 'BatchNormalization', in: [`conv${i}`, ...vectors], out: [`bn${i}`], attributes: { epsilon: 1e-3 } },
    ...(residual ? [{ op: 'Add', in: [`bn${i}`, value], out: [`sum${i}`] }] : []),
    { op: 'Relu', in: [residual ? `sum${i}` : `bn${i}`], out: [`relu${i}`] },
  ];
}

function layerWeights(random: () => number, i: number, channels: number, width: number, layer: Layer): TensorProto[] {
  const perGroup = layer.depthwise ? 1 : channels;
  const vector = (name: string, from: number, to: number) =>
    floatTensor(`${name}${i}`, [width], randomValues(random, width, from, to));
  return [
    floatTensor(`weight${i}`, [width, perGroup, 3, 3], randomValues(random, width * perGroup * 9)),
    ...(layer.bias ? [vector('bias', -1, 1)] : []),
    vector('scale', -2, 2),
    vector('shift', -1, 1),
    vector('mean', -1, 1),
    vector('variance', 0, 2),
  ];
}
