import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
  type NodeProto,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
} from '../onnx/onnx_pb.js';
import { dataTypeOf, floatTensor, intTensor, type FloatType } from '../onnx/tensor.js';
import type { AttributeValue } from './attributes.js';
import type { Graph } from './graph.js';

/** Writes nodes for one site: names begin with a scope, constants have the type that the network computes in. */
export class NodeBuilder {
  readonly #graph: Graph;
  readonly #scope: string;
  readonly #floatType: FloatType;

  /** @param scope beginning of all names, such as "stem/bn/mix". */
  constructor(graph: Graph, scope: string, floatType: FloatType) {
    this.#graph = graph;
    this.#scope = scope;
    this.#floatType = floatType;
  }

  /** @returns name of the value that a new node gives. */
  op(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    const output = this.#name(opType);
    this.#graph.addNode(opType, inputs, [output], attributes);
    return output;
  }

  /** @returns name of a stored tensor of floats; by default a vector. */
  floats(name: string, values: ArrayLike<number>, dims: readonly number[] = [values.length]): string {
    return addFloats(this.#graph, this.#name(name), dims, values, this.#floatType);
  }

  /** @returns name of a stored vector, one value a channel, in the shape [1,C,1,1] that spreads over a map. */
  perChannel(name: string, values: ArrayLike<number>): string {
    return this.floats(name, values, [1, values.length, 1, 1]);
  }

  /** @returns name of a stored vector of int64. */
  ints(name: string, values: readonly number[]): string {
    return this.#graph.addInitializer(intTensor(this.#name(name), [values.length], values));
  }

  /** Mean over rows and columns, [n,C,h,w] -> [n,C,1,1]. */
  spatialMean(x: string): string {
    return this.mean(x, [2, 3]);
  }

  /** Mean over axes, which stay with size 1. The axes became an input with opset 18. */
  mean(x: string, axes: readonly number[]): string {
    if (this.#graph.opset >= 18) return this.op('ReduceMean', [x, this.ints('axes', axes)], { keepdims: 1n });
    return this.op('ReduceMean', [x], { axes: axes.map(BigInt), keepdims: 1n });
  }

  /** Cuts the channels into parts of these sizes. The sizes became an input with opset 13. */
  splitChannels(x: string, sizes: readonly number[]): string[] {
    const outputs = sizes.map(() => this.#name('Split'));
    if (this.#graph.opset >= 13) this.#graph.addNode('Split', [x, this.ints('sizes', sizes)], outputs, { axis: 1n });
    else this.#graph.addNode('Split', [x], outputs, { axis: 1n, split: sizes.map(BigInt) });
    return outputs;
  }

  /** Lets a value have size-1 axes added. The axes became an input with opset 13. */
  unsqueeze(x: string, axes: readonly number[]): string {
    if (this.#graph.opset >= 13) return this.op('Unsqueeze', [x, this.ints('axes', axes)]);
    return this.op('Unsqueeze', [x], { axes: axes.map(BigInt) });
  }

  /** Values below a bound become the bound. The bound became an input with opset 11. */
  atLeast(x: string, bound: number): string {
    if (this.#graph.opset < 11) return this.op('Clip', [x], { min: bound });
    return this.op('Clip', [x, this.floats('min', [bound], [])]);
  }

  /** A node of the same operator and attributes as another one, reading other values. */
  like(node: NodeProto, inputs: readonly string[]): string {
    const output = this.#name(node.opType);
    const added = this.#graph.addNode(node.opType, inputs, [output]);
    added.attribute = node.attribute.map((it) => clone(AttributeProtoSchema, it));
    return output;
  }

  /** Gives a value that is fed as float32 the type that the network computes in. */
  fromFloat32(x: string): string {
    return this.#floatType === 'float32' ? x : this.op('Cast', [x], { to: BigInt(dataTypeOf(this.#floatType)) });
  }

  #name(what: string): string {
    return this.#graph.freshName(`${this.#scope}/${what}`);
  }
}

/**
 * Stores floats under a new name. Where they are to lie in another type than the network computes in, a Cast follows.
 * @param name must be new, from {@link Graph.freshName}.
 * @returns name of the value of the computed type.
 */
export function addFloats(
  graph: Graph,
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
  computed: FloatType,
  stored: FloatType = computed,
): string {
  if (stored === computed) return graph.addInitializer(floatTensor(name, dims, values, stored));
  const inner = graph.addInitializer(floatTensor(graph.freshName(`${name}.stored`), dims, values, stored));
  graph.addNode('Cast', [inner], [name], { to: BigInt(dataTypeOf(computed)) });
  return name;
}

/** @returns description of a fed or given value; a number is a fixed size, a string names one that varies. */
export function valueInfo(name: string, dataType: number, dims: readonly (number | string)[]): ValueInfoProto {
  const shape = { dim: dims.map(dimension) };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: dataType, shape } } },
  });
}

function dimension(size: number | string): TensorShapeProto_Dimension {
  const value =
    typeof size === 'number'
      ? { case: 'dimValue' as const, value: BigInt(size) }
      : { case: 'dimParam' as const, value: size };
  return create(TensorShapeProto_DimensionSchema, { value });
}
