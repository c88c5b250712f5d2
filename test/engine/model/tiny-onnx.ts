/** ONNX files of one node, written byte by byte (protobuf wire format), so that tests need no other tool. */

/** Element types of onnx.proto. */
export const FLOAT = 1;
export const DOUBLE = 11;
export const INT64 = 7;

export interface TinyValue {
  name: string;
  shape: (number | string)[];
  type?: number;
}

export interface TinyOnnx {
  op: string;
  inputs?: TinyValue[];
  outputs?: TinyValue[];
  perm?: number[];
}

const PICTURE = ['n', 3, 'h', 'w'];

/** @returns a model of one node; by default features = op(input) with any size. */
export function tinyOnnx({ op, inputs, outputs, perm }: TinyOnnx): Uint8Array {
  const ins = inputs ?? [{ name: 'input', shape: PICTURE }];
  const outs = outputs ?? [{ name: 'features', shape: PICTURE }];
  const node = [...ins.map(({ name }) => text(1, name)), ...outs.map(({ name }) => text(2, name)), text(4, op)];
  if (perm !== undefined) node.push(bytes(5, [text(1, 'perm'), ...perm.map((i) => number(8, i)), number(20, 7)]));
  const graph = [
    bytes(1, node),
    text(2, 'tiny'),
    ...ins.map((value) => bytes(11, valueInfo(value))),
    ...outs.map((value) => bytes(12, valueInfo(value))),
  ];
  return Buffer.concat([number(1, 8), bytes(8, [text(1, ''), number(2, 17)]), bytes(7, graph)]);
}

function valueInfo({ name, shape, type = FLOAT }: TinyValue): Uint8Array[] {
  const dims = shape.map((dim) => bytes(1, [typeof dim === 'number' ? number(1, dim) : text(2, dim)]));
  return [text(1, name), bytes(2, [bytes(1, [number(1, type), bytes(2, dims)])])];
}

function number(field: number, value: number): Uint8Array {
  return Uint8Array.of(...varint(field << 3), ...varint(value));
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, [Buffer.from(value)]);
}

function bytes(field: number, parts: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(...varint((field << 3) | 2), ...varint(content.length)), content]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
