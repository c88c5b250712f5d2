import { TensorProto_DataType as DataType } from '../onnx/onnx_pb.js';
import type { NodeProto, ValueInfoProto } from '../onnx/onnx_pb.js';
import { floatTypeOf, type FloatType } from '../onnx/tensor.js';
import { intAttribute, intsAttribute } from './attributes.js';
import { constantDims, constantFloats, constantInts } from './constants.js';
import type { Graph } from './graph.js';

/**
 * What is known of a feature map without running the network. stride is how many pixels of the picture one step of the
 * map covers, Infinity for a map that was averaged to one point; channels are unknown where a slice hides them.
 */
export interface MapFacts {
  channels: number | undefined;
  stride: number;
  floatType: FloatType;
}

type Facts = ReadonlyMap<string, MapFacts>;

/** Operators that keep channels, stride and type of their first input. */
const KEEPING = new Set(
  (
    'Identity Dropout Relu LeakyRelu PRelu Clip Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish Tanh Softplus Gelu ' +
    'Erf Sqrt Neg Abs Exp Pad LRN Softmax Pow BatchNormalization InstanceNormalization GroupNormalization ' +
    'LayerNormalization LpNormalization'
  ).split(' '),
);
const BINARY = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum']);
const POOLS = new Set(['MaxPool', 'AveragePool', 'LpPool']);
const GLOBAL_POOLS = new Set(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool']);

/**
 * Follows the picture through the graph.
 * @returns facts of every value that is a feature map of it; values of other kinds (shapes, vectors) have none.
 */
export function mapFacts(graph: Graph): Facts {
  const facts = new Map<string, MapFacts>();
  for (const input of graph.inputs) {
    const found = factsOfInput(input);
    if (found !== undefined) facts.set(input.name, found);
  }
  for (const node of graph.nodes) {
    const found = factsOfNode(graph, node, facts);
    for (const [i, output] of node.output.entries()) {
      const one = found[Math.min(i, found.length - 1)];
      if (one !== undefined) facts.set(output, one);
    }
  }
  return facts;
}

/** Pictures are the inputs of rank 4 with a floating type. */
function factsOfInput({ type }: ValueInfoProto): MapFacts | undefined {
  if (type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = type.value.value;
  const floatType = floatTypeOf(elemType);
  if (floatType === undefined || shape?.dim.length !== 4) return undefined;
  const channels = shape.dim[1]?.value;
  return { channels: channels?.case === 'dimValue' ? Number(channels.value) : undefined, stride: 1, floatType };
}

/** @returns facts of each output; the last holds for those behind it too. */
function factsOfNode(graph: Graph, node: NodeProto, facts: Facts): (MapFacts | undefined)[] {
  const x = facts.get(node.input[0] ?? '');
  const { opType } = node;
  if (BINARY.has(opType)) return [ofBinary(node, facts)];
  if (opType === 'Concat') return [ofConcat(node, facts)];
  if (opType === 'Reshape') return [ofReshape(graph, node, facts)];
  if (x === undefined) return [];
  if (KEEPING.has(opType)) return [withScaleChannels(graph, node, x)];
  if (POOLS.has(opType)) return [{ ...x, stride: x.stride * firstStride(node) }];
  if (GLOBAL_POOLS.has(opType)) return [{ ...x, stride: Infinity }];
  if (opType === 'Split') return ofSplit(graph, node, x);
  const one = SINGLE[opType]?.(graph, node, x);
  return [one];
}

const SINGLE: Record<string, ((graph: Graph, node: NodeProto, x: MapFacts) => MapFacts | undefined) | undefined> = {
  Conv: (graph, node, x) => {
    const channels = constantDims(graph, node.input[1])?.[0];
    return { ...x, channels, stride: x.stride * firstStride(node) };
  },
  ConvTranspose: (graph, node, x) => {
    const perGroup = constantDims(graph, node.input[1])?.[1];
    const channels = perGroup && perGroup * intAttribute(node, 'group', 1);
    return { ...x, channels, stride: x.stride / firstStride(node) };
  },
  // the linear layers of networks that keep channels last
  MatMul: (graph, node, x) => {
    const dims = constantDims(graph, node.input[1]);
    return dims?.length === 2 ? { ...x, channels: dims[1] } : undefined;
  },
  Cast: (_, node, x) => {
    const floatType = floatTypeOf(intAttribute(node, 'to', DataType.FLOAT));
    return floatType && { ...x, floatType };
  },
  Transpose: (_, node, x) => (intsAttribute(node, 'perm')?.[0] === 0 ? x : undefined),
  ReduceMean: ofReduceMean,
  Slice: ofSlice,
  Resize: ofResize,
  Upsample: ofResize,
};

/** Where a slice hid the number of channels, the vectors of a norm tell it. */
function withScaleChannels(graph: Graph, node: NodeProto, x: MapFacts): MapFacts {
  const isNorm = node.opType === 'BatchNormalization' || node.opType === 'InstanceNormalization';
  return isNorm ? { ...x, channels: constantDims(graph, node.input[1])?.[0] ?? x.channels } : x;
}

/** A gate of one point times a map is a map; a weight plus a map is a map. */
function ofBinary(node: NodeProto, facts: Facts): MapFacts | undefined {
  const known = node.input.flatMap((name) => facts.get(name) ?? []);
  const finest = known.toSorted((a, b) => a.stride - b.stride)[0];
  return finest && { ...finest, channels: known.find((it) => it.channels !== undefined)?.channels };
}

function ofConcat(node: NodeProto, facts: Facts): MapFacts | undefined {
  const parts = node.input.map((name) => facts.get(name));
  const first = parts[0];
  if (first === undefined || parts.some((it) => it === undefined)) return undefined;
  const channels = parts.reduce((sum, it) => sum + (it?.channels ?? NaN), 0);
  return { ...first, channels: Number.isNaN(channels) ? undefined : channels };
}

/** Only the reshape back to the shape of a known map, as behind a group norm, gives a map again. */
function ofReshape(graph: Graph, node: NodeProto, facts: Facts): MapFacts | undefined {
  const shape = graph.producer(node.input[1] ?? '');
  return shape?.opType === 'Shape' ? facts.get(shape.input[0] ?? '') : undefined;
}

function ofSplit(graph: Graph, node: NodeProto, x: MapFacts): MapFacts[] {
  const sizes = intsAttribute(node, 'split') ?? constantInts(graph, node.input[1]);
  const even = x.channels === undefined ? undefined : x.channels / node.output.length;
  return node.output.map((_, i) => ({ ...x, channels: sizes?.[i] ?? even }));
}

function ofReduceMean(graph: Graph, node: NodeProto, x: MapFacts): MapFacts | undefined {
  const axes = intsAttribute(node, 'axes') ?? constantInts(graph, node.input[1]);
  const spatial = axes?.some((axis) => axis === 2 || axis === 3 || axis < 0);
  if (axes !== undefined && !spatial) return { ...x, channels: 1 };
  return intAttribute(node, 'keepdims', 1) === 1 ? { ...x, stride: Infinity } : undefined;
}

/** A slice with steps along the rows or columns makes the map coarser; one along the channels hides their number. */
function ofSlice(graph: Graph, node: NodeProto, x: MapFacts): MapFacts {
  const axes = intsAttribute(node, 'axes') ?? constantInts(graph, node.input[3]) ?? [];
  const steps = constantInts(graph, node.input[4]) ?? axes.map(() => 1);
  const row = axes.indexOf(2);
  const stride = x.stride * (row < 0 ? 1 : Math.abs(steps[row] ?? 1));
  return { ...x, stride, channels: axes.includes(1) || axes.length === 0 ? undefined : x.channels };
}

function ofResize(graph: Graph, node: NodeProto, x: MapFacts): MapFacts | undefined {
  const scales = constantFloats(graph, node.opType === 'Upsample' ? node.input[1] : node.input[2]);
  const rows = scales?.[2];
  return rows === undefined ? undefined : { ...x, stride: x.stride / rows };
}

function firstStride(node: NodeProto): number {
  return intsAttribute(node, 'strides')?.[0] ?? 1;
}
