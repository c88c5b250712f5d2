import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import {
  constantDims,
  constantFloats,
  constantFloatType,
  constantInts,
  constantOf,
} from '../../../../engine/model/graph/constants.js';
import { Graph } from '../../../../engine/model/graph/graph.js';
import { AttributeProtoSchema } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor, intTensor } from '../../../../engine/model/onnx/tensor.js';
import { tinyModel } from '../graph-support/tiny-model.js';

const GRAPH = new Graph(
  tinyModel({
    nodes: [
      { op: 'Cast', in: ['half'], out: ['cast'], attributes: { to: 1n } },
      { op: 'Identity', in: ['cast'], out: ['same'] },
      { op: 'Add', in: ['x', 'same'], out: ['y'] },
    ],
    weights: [floatTensor('half', [2, 1], [0.5, 1], 'float16'), intTensor('ints', [2], [3, -1])],
  }),
);

describe('constants', () => {
  it('are seen through Cast and Identity', () => {
    expect([...constantFloats(GRAPH, 'same')!]).toEqual([0.5, 1]);
    expect(constantDims(GRAPH, 'same')).toEqual([2, 1]);
    expect(constantFloatType(GRAPH, 'same')).toBe('float32');
    expect(constantFloatType(GRAPH, 'half')).toBe('float16');
    expect(constantInts(GRAPH, 'ints')).toEqual([3, -1]);
  });

  it('are none where a value is fed, computed or absent', () => {
    for (const value of ['x', 'y', '', undefined]) {
      expect(constantFloats(GRAPH, value)).toBeUndefined();
      expect(constantDims(GRAPH, value)).toBeUndefined();
      expect(constantInts(GRAPH, value)).toBeUndefined();
    }
    expect(constantFloatType(GRAPH, 'y')).toBeUndefined();
  });

  it.each([
    ['value', { t: floatTensor('', [1], [2]) }, [2]],
    ['value_float', { f: 2 }, [2]],
    ['value_floats', { floats: [2, 3] }, [2, 3]],
  ])('are read from %s of a Constant node', (name, fields, expected) => {
    expect([...constantFloats(withConstant(name, fields), 'c')!]).toEqual(expected);
  });

  it.each([
    ['value', { t: intTensor('', [1], [2]) }, [2]],
    ['value_int', { i: 2n }, [2]],
    ['value_ints', { ints: [2n, 3n] }, [2, 3]],
  ])('are read from %s of a Constant node of whole numbers', (name, fields, expected) => {
    expect(constantInts(withConstant(name, fields), 'c')).toEqual(expected);
  });

  it('are none where a Constant node holds words', () => {
    expect(constantOf(withConstant('value_string', { s: new Uint8Array(1) }), 'c')).toBeUndefined();
  });
});

function withConstant(name: string, fields: Parameters<typeof create<typeof AttributeProtoSchema>>[1]): Graph {
  const model = tinyModel({
    nodes: [
      { op: 'Constant', in: [], out: ['c'] },
      { op: 'Add', in: ['x', 'c'], out: ['y'] },
    ],
  });
  model.graph!.node[0]!.attribute = [create(AttributeProtoSchema, { ...fields, name })];
  return new Graph(model);
}
