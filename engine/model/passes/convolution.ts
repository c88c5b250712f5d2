import { LikenessError } from '../../errors.js';
import { floatAttribute, intAttribute } from '../graph/attributes.js';
import { constantFloats, constantFloatType, constantOf } from '../graph/constants.js';
import type { Graph } from '../graph/graph.js';
import type { NodeProto } from '../onnx/onnx_pb.js';
import { dimsOf, type FloatType } from '../onnx/tensor.js';

/** A Conv, ConvTranspose or Gemm node with stored weights, seen as one row of weights for each output channel. */
export interface Convolution {
  node: NodeProto;
  name: string;
  /** As stored: Conv [M,C/g,kh,kw], ConvTranspose [C,M/g,kh,kw], Gemm [N,K] or, without transB, [K,N]. */
  weight: Float32Array;
  dims: number[];
  channels: number;
  /** Output channel that the i-th weight belongs to. */
  channelOf: (i: number) => number;
  /** What is added to each output channel [channels]; zeros where there is none, times beta in a Gemm. */
  bias: Float32Array;
  floatType: FloatType;
}

/** @throws model_invalid if weights or bias are computed, of integers, or of a shape that is no row per channel. */
export function readConvolution(graph: Graph, node: NodeProto): Convolution {
  const name = node.name || (node.output[0] ?? '');
  const constant = constantOf(graph, node.input[1] ?? '');
  const weight = constantFloats(graph, node.input[1]);
  if (constant === undefined || weight === undefined)
    throw invalid(name, 'expected stored weights, found computed ones');
  const dims = dimsOf(constant.tensor);
  const { channels, channelOf } = rows(node, dims, weight.length);
  const floatType = constantFloatType(graph, node.input[1] ?? '') ?? 'float32';
  return { node, name, weight, dims, channels, channelOf, bias: biasOf(graph, node, name, channels), floatType };
}

/** @returns the weights with each row multiplied by the factor of its output channel. */
export function scaleRows({ weight, channelOf }: Convolution, factors: ArrayLike<number>): Float32Array {
  const scaled = new Float32Array(weight.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = weight[i]! * factors[channelOf(i)]!;
  return scaled;
}

/** @returns Euclidean length of each row, summed in float64. */
export function rowNorms({ weight, channels, channelOf }: Convolution): Float64Array {
  const sums = new Float64Array(channels);
  weight.forEach((value, i) => (sums[channelOf(i)]! += value * value));
  return sums.map(Math.sqrt);
}

function rows(node: NodeProto, dims: number[], size: number): Pick<Convolution, 'channels' | 'channelOf'> {
  const [first = 1, second = 1] = dims;
  if (node.opType === 'Conv') return rowMajor(first, size);
  if (node.opType === 'ConvTranspose') return transposed(first, second, intAttribute(node, 'group', 1), size);
  if (intAttribute(node, 'transB', 0) === 1) return rowMajor(first, size);
  return { channels: second, channelOf: (i) => i % second };
}

function rowMajor(channels: number, size: number): Pick<Convolution, 'channels' | 'channelOf'> {
  const length = size / channels;
  return { channels, channelOf: (i) => Math.floor(i / length) };
}

/** The inputs of a group come first, each with the outputs of its own group. */
function transposed(inputs: number, perGroup: number, groups: number, size: number) {
  const kernel = size / (inputs * perGroup);
  const inputsPerGroup = inputs / groups;
  const channelOf = (i: number): number => {
    const pair = Math.floor(i / kernel);
    return Math.floor(Math.floor(pair / perGroup) / inputsPerGroup) * perGroup + (pair % perGroup);
  };
  return { channels: perGroup * groups, channelOf };
}

function biasOf(graph: Graph, node: NodeProto, name: string, channels: number): Float32Array {
  const value = node.input[2] ?? '';
  if (value === '') return new Float32Array(channels);
  const bias = constantFloats(graph, value);
  if (bias === undefined) throw invalid(name, 'expected a stored bias, found a computed one');
  // the bias of a Gemm may be one number for all, or a row; a column or a matrix is none for each channel
  if (bias.length !== channels && (node.opType !== 'Gemm' || bias.length !== 1)) {
    throw invalid(name, `expected a bias of ${channels} values, found ${bias.length}`);
  }
  checkRow(graph, value, name, channels);
  const beta = node.opType === 'Gemm' ? floatAttribute(node, 'beta', 1) : 1;
  return Float32Array.from({ length: channels }, (_, c) => beta * bias[bias.length === 1 ? 0 : c]!);
}

function checkRow(graph: Graph, value: string, name: string, channels: number): void {
  const dims = dimsOf(constantOf(graph, value)!.tensor);
  if (dims.length <= 1 || dims.at(-1) === channels) return;
  throw invalid(name, `expected a bias for each of ${channels} channels, found shape [${dims.join(',')}]`);
}

function invalid(name: string, message: string): LikenessError {
  return new LikenessError('model_invalid', `${name}: ${message}`);
}
