import { dimsOf, floatTypeOf, floatTensor, intTensor, readFloats, readInts, type FloatType } from '../onnx/tensor.js';
import type { NodeProto, TensorProto } from '../onnx/onnx_pb.js';
import { attribute, intAttribute, tensorAttribute } from './attributes.js';
import type { Graph } from './graph.js';

/** A value that is the same on every run: the tensor that holds it, and the data type it is cast to on its way. */
export interface Constant {
  tensor: TensorProto;
  dataType: number;
}

/** @returns the constant behind a value, seen through Cast and Identity nodes, or undefined if it is computed or fed. */
export function constantOf(graph: Graph, value: string): Constant | undefined {
  const stored = graph.initializer(value);
  if (stored !== undefined) return { tensor: stored, dataType: stored.dataType };
  const node = graph.producer(value);
  if (node === undefined) return undefined;
  if (node.opType === 'Constant') return constantNode(node);
  if (node.opType !== 'Cast' && node.opType !== 'Identity') return undefined;
  const source = constantOf(graph, node.input[0] ?? '');
  return source && { ...source, dataType: intAttribute(node, 'to', source.dataType) };
}

/** @returns shape of the constant behind a value, or undefined if there is none. */
export function constantDims(graph: Graph, value: string | undefined): number[] | undefined {
  const constant = value === undefined ? undefined : constantOf(graph, value);
  return constant && dimsOf(constant.tensor);
}

/** @returns the floating type that the network sees in a constant, after its casts; undefined if there is none. */
export function constantFloatType(graph: Graph, value: string): FloatType | undefined {
  const constant = constantOf(graph, value);
  return constant && floatTypeOf(constant.dataType);
}

/**
 * @returns the numbers behind a value, as stored (a cast to float16 on the way is not applied), or undefined if it is
 * no constant.
 * @throws model_invalid if the constant is not of a floating type.
 */
export function constantFloats(graph: Graph, value: string | undefined): Float32Array | undefined {
  const constant = value === undefined ? undefined : constantOf(graph, value);
  return constant && readFloats(constant.tensor);
}

/**
 * @returns the whole numbers behind a value, or undefined if it is no constant.
 * @throws model_invalid if the constant is not of whole numbers.
 */
export function constantInts(graph: Graph, value: string | undefined): number[] | undefined {
  const constant = value === undefined ? undefined : constantOf(graph, value);
  return constant && readInts(constant.tensor);
}

/** A Constant node holds its value in one of several attributes. */
function constantNode(node: NodeProto): Constant | undefined {
  const tensor = tensorAttribute(node, 'value') ?? scalarOrList(node);
  return tensor && { tensor, dataType: tensor.dataType };
}

function scalarOrList(node: NodeProto): TensorProto | undefined {
  const name = node.output[0] ?? '';
  const float = attribute(node, 'value_float');
  if (float !== undefined) return floatTensor(name, [], [float.f]);
  const floats = attribute(node, 'value_floats')?.floats;
  if (floats !== undefined) return floatTensor(name, [floats.length], floats);
  const int = attribute(node, 'value_int');
  if (int !== undefined) return intTensor(name, [], [Number(int.i)]);
  const ints = attribute(node, 'value_ints')?.ints;
  return ints && intTensor(name, [ints.length], ints.map(Number));
}
