import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from '../onnx/onnx_pb.js';

/** What the passes write: a bigint is the format's whole number, a number its float32. */
export type AttributeValue = bigint | number | string | bigint[];

/** @returns the whole number of that name, or the default. */
export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = attribute(node, name);
  return found === undefined ? otherwise : Number(found.i);
}

/** @returns the list of whole numbers of that name, or undefined. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return attribute(node, name)?.ints.map(Number);
}

/** @returns the float of that name, or the default. */
export function floatAttribute(node: NodeProto, name: string, otherwise: number): number {
  return attribute(node, name)?.f ?? otherwise;
}

/** @returns the tensor of that name, or undefined. */
export function tensorAttribute(node: NodeProto, name: string): TensorProto | undefined {
  return attribute(node, name)?.t;
}

/** @returns the attribute of that name, or undefined. */
export function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((it) => it.name === name);
}

/** Writes an attribute over one of the same name. */
export function setAttribute(node: NodeProto, name: string, value: AttributeValue): void {
  node.attribute = [...node.attribute.filter((it) => it.name !== name), makeAttribute(name, value)];
}

/** @returns a new attribute of the type that the value's own type names. */
export function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: Type.INT, i: value });
  // rounded here as the file rounds it, so that a model that was written and read again equals itself
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: Type.FLOAT, f: Math.fround(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: Type.STRING, s: new TextEncoder().encode(value) });
  }
  return create(AttributeProtoSchema, { name, type: Type.INTS, ints: value });
}
