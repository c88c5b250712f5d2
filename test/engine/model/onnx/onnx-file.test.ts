import { existsSync, readFileSync } from 'node:fs';
import { create, equals } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opsetOf, readOnnx, writeOnnx } from '../../../../engine/model/onnx/onnx-file.js';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type ModelProto,
} from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor } from '../../../../engine/model/onnx/tensor.js';
import { expectRefused } from '../graph-support/expect.js';
import { tinyModel } from '../graph-support/tiny-model.js';
import { REAL_MODELS } from '../graph-support/real-models.js';
import { randomModel } from '../graph-support/random-model.js';

const RELU = { nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }] };

describe('readOnnx and writeOnnx', () => {
  it('give back any model', () => {
    fc.assert(
      fc.property(randomModel(), ({ model }) => {
        expect(equals(ModelProtoSchema, readOnnx(writeOnnx(model)), model)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each(REAL_MODELS)('give back $name, to the byte', ({ path }) => {
    if (!existsSync(path)) {
      console.log(`skipped: ${path} is not here`);
      return;
    }
    const bytes = readFileSync(path);
    expect(Buffer.compare(bytes, writeOnnx(readOnnx(bytes)))).toBe(0);
  });

  it('keep fields that the schema does not know', () => {
    const unknown = Uint8Array.of(0xf2, 0x3f, 3, 97, 98, 99); // field 1022, three bytes
    const bytes = Buffer.concat([writeOnnx(tinyModel(RELU)), unknown]);
    expect(Buffer.from(writeOnnx(readOnnx(bytes))).includes(Buffer.from(unknown))).toBe(true);
  });

  it.each([
    ['no protobuf', Buffer.from('not a model'), 'expected an ONNX file'],
    ['nothing', new Uint8Array(), 'expected an ONNX file of format version'],
    ['half a file', writeOnnx(tinyModel(RELU)).subarray(0, 30), 'expected an ONNX file'],
  ])('refuse %s', (_, bytes, message) => {
    expectRefused(() => readOnnx(bytes), 'model_invalid', message);
  });

  it.each([
    ['an old format', tinyModel({ ...RELU, irVersion: 2 }), 'format version 3 to 13, found 2'],
    ['a format to come', tinyModel({ ...RELU, irVersion: 14 }), 'format version 3 to 13, found 14'],
    ['opset 6', tinyModel({ ...RELU, opset: 6 }), 'operator set from 7 to 22, found 6'],
    ['opset 23', tinyModel({ ...RELU, opset: 23 }), 'operator set from 7 to 22, found 23'],
    ['no graph', create(ModelProtoSchema, { ...tinyModel(RELU), graph: undefined }), 'expected a graph'],
    ['no output', tinyModel({ ...RELU, outputs: [] }), 'at least one output'],
    ['weights elsewhere', withExternalWeights(), 'tensor far lies in another one'],
    ['a constant elsewhere', withExternalConstant(), 'tensor far lies in another one'],
  ])('refuse %s', (_, model, message) => {
    expectRefused(() => readOnnx(writeOnnx(model)), 'model_invalid', message);
  });

  it('take operator sets 7 and 22', () => {
    for (const opset of [7, 22]) expect(opsetOf(readOnnx(writeOnnx(tinyModel({ ...RELU, opset }))))).toBe(opset);
  });
});

function externalTensor() {
  const tensor = floatTensor('far', [1], [0]);
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = DataLocation.EXTERNAL;
  tensor.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: '../weights.bin' })];
  return tensor;
}

function withExternalWeights(): ModelProto {
  return tinyModel({ nodes: [{ op: 'Add', in: ['x', 'far'], out: ['y'] }], weights: [externalTensor()] });
}

/** Two graphs deep, where a check of the outermost weights alone would miss it. */
function withExternalConstant(): ModelProto {
  const model = tinyModel(RELU);
  const inner = tinyModel({ nodes: [{ op: 'Constant', in: [], out: ['y'] }] }).graph!;
  inner.node[0]!.attribute = [create(AttributeProtoSchema, { name: 'value', t: externalTensor() })];
  const attribute = create(AttributeProtoSchema, { name: 'then_branch', g: create(GraphProtoSchema, inner) });
  model.graph!.node[0]!.attribute = [attribute];
  return model;
}
