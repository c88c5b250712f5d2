import type { ModelProto, TensorProto } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { randomValues, seeded } from './random.js';
import { tinyModel, type TinyNode } from './tiny-model.js';

export interface MiniResnet {
  /** Blocks in stages 1 to 4, such as [3,4,6,3] for ResNet-50. */
  blocks: number[];
  /** basic: 3x3, 3x3. bottleneck: 1x1, 3x3 (which holds the stride), 1x1 to four times the width. */
  kind: 'basic' | 'bottleneck';
  /** Width of stage 1; doubles from stage to stage. */
  width?: number;
}

/**
 * A residual network in the form of torchvision's, with random weights and few channels: 7x7 stem of stride 2, max pooling,
 * stages at stride 4, 8, 16, 32. Norms are named as there: bn1, layer1.0.bn1, layer1.0.downsample.1.
 */
export function miniResnet({ blocks, kind, width = 2 }: MiniResnet): ModelProto {
  const layers = new Layers();
  let value = layers.relu(layers.norm('bn1', layers.conv('conv1', 'x', 3, width, 7, 2), width));
  value = layers.add('MaxPool', [value], { kernel_shape: [3n, 3n], strides: [2n, 2n], pads: [1n, 1n, 1n, 1n] });
  let channels = width;
  for (const [stage, count] of blocks.entries()) {
    for (let i = 0; i < count; i++) {
      const planes = width * 2 ** stage;
      const outputs = kind === 'basic' ? planes : 4 * planes;
      const stride = stage > 0 && i === 0 ? 2 : 1;
      value = block(layers, `layer${stage + 1}.${i}`, kind, value, channels, planes, outputs, stride);
      channels = outputs;
    }
  }
  const { nodes, weights } = layers;
  return tinyModel({ nodes, weights, outputs: [value] });
}

function block(
  layers: Layers,
  name: string,
  kind: MiniResnet['kind'],
  x: string,
  inputs: number,
  planes: number,
  outputs: number,
  stride: number,
): string {
  const steps =
    kind === 'basic'
      ? [
          { to: planes, kernel: 3, stride },
          { to: outputs, kernel: 3, stride: 1 },
        ]
      : [
          { to: planes, kernel: 1, stride: 1 },
          { to: planes, kernel: 3, stride },
          { to: outputs, kernel: 1, stride: 1 },
        ];
  let [value, channels] = [x, inputs];
  for (const [i, step] of steps.entries()) {
    if (i > 0) value = layers.relu(value);
    value = layers.conv(`${name}.conv${i + 1}`, value, channels, step.to, step.kernel, step.stride);
    value = layers.norm(`${name}.bn${i + 1}`, value, step.to);
    channels = step.to;
  }
  const same = inputs === outputs && stride === 1;
  const skip = same ? x : layers.conv(`${name}.downsample.0`, x, inputs, outputs, 1, stride);
  const shortcut = same ? x : layers.norm(`${name}.downsample.1`, skip, outputs);
  return layers.relu(layers.add('Add', [value, shortcut]));
}

/** Nodes in the order of writing; each value is named as its node. */
class Layers {
  readonly nodes: TinyNode[] = [];
  readonly weights: TensorProto[] = [];
  readonly #random = seeded(7);

  add(
    op: string,
    inputs: string[],
    attributes: TinyNode['attributes'] = {},
    name = `value${this.nodes.length}`,
  ): string {
    this.nodes.push({ op, in: inputs, out: [name], attributes });
    return name;
  }

  relu(x: string): string {
    return this.add('Relu', [x]);
  }

  conv(name: string, x: string, inputs: number, outputs: number, kernel: number, stride: number): string {
    const [k, s, pad] = [BigInt(kernel), BigInt(stride), BigInt((kernel - 1) / 2)];
    const weight = this.#weight(`${name}.weight`, [outputs, inputs, kernel, kernel], -0.5, 0.5);
    return this.add('Conv', [x, weight], { kernel_shape: [k, k], strides: [s, s], pads: [pad, pad, pad, pad] }, name);
  }

  norm(name: string, x: string, channels: number): string {
    const vectors = [
      this.#weight(`${name}.weight`, [channels], 0.5, 1.5),
      this.#weight(`${name}.bias`, [channels], -0.5, 0.5),
      this.#weight(`${name}.running_mean`, [channels], -0.5, 0.5),
      this.#weight(`${name}.running_var`, [channels], 0.5, 1.5),
    ];
    return this.add('BatchNormalization', [x, ...vectors], { epsilon: 1e-5 }, name);
  }

  #weight(name: string, dims: number[], from: number, to: number): string {
    const size = dims.reduce((a, b) => a * b);
    this.weights.push(floatTensor(name, dims, randomValues(this.#random, size, from, to)));
    return name;
  }
}
