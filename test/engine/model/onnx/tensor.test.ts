import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TensorProto_DataType as DataType, TensorProtoSchema } from '../../../../engine/model/onnx/onnx_pb.js';
import { floatTensor, intTensor, readFloats, readInts } from '../../../../engine/model/onnx/tensor.js';

const VALUES = [1, -0.5, 0.25];
const HALVES = [0x3c00, 0xb800, 0x3400];

describe('readFloats', () => {
  it.each([
    ['float32, raw', { dataType: DataType.FLOAT, rawData: bytesOf(Float32Array.from(VALUES)) }],
    ['float32, listed', { dataType: DataType.FLOAT, floatData: VALUES }],
    ['float16, raw', { dataType: DataType.FLOAT16, rawData: bytesOf(Uint16Array.from(HALVES)) }],
    ['float16, listed', { dataType: DataType.FLOAT16, int32Data: HALVES }],
    ['float64, raw', { dataType: DataType.DOUBLE, rawData: bytesOf(Float64Array.from(VALUES)) }],
    ['float64, listed', { dataType: DataType.DOUBLE, doubleData: VALUES }],
  ])('reads %s', (_, fields) => {
    expect([...readFloats(create(TensorProtoSchema, { name: 't', dims: [3n], ...fields }))]).toEqual(VALUES);
  });

  it('reads bytes that lie across the alignment of their type, in a Buffer too', () => {
    const shifted = Buffer.concat([Buffer.from([7]), bytesOf(Float32Array.from(VALUES))]).subarray(1);
    const tensor = create(TensorProtoSchema, { dims: [3n], dataType: DataType.FLOAT, rawData: shifted });
    expect([...readFloats(tensor)]).toEqual(VALUES);
  });

  it.each([
    ['integers', { dims: [1n], dataType: DataType.INT64, int64Data: [1n] }, 'expected floating-point values'],
    ['too few values', { dims: [4n], dataType: DataType.FLOAT, floatData: VALUES }, 'expected 4 values'],
    ['half a value', { dims: [1n], dataType: DataType.FLOAT, rawData: new Uint8Array(3) }, 'multiple of 4 bytes'],
  ])('refuses %s', (_, fields, message) => {
    expect(() => readFloats(create(TensorProtoSchema, fields))).toThrow(
      expect.objectContaining({ code: 'model_invalid', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('readInts', () => {
  it.each([
    ['int64, raw', { dataType: DataType.INT64, rawData: bytesOf(BigInt64Array.of(0n, -1n)) }],
    ['int64, listed', { dataType: DataType.INT64, int64Data: [0n, -1n] }],
    ['int32, raw', { dataType: DataType.INT32, rawData: bytesOf(Int32Array.of(0, -1)) }],
    ['int32, listed', { dataType: DataType.INT32, int32Data: [0, -1] }],
  ])('reads %s', (_, fields) => {
    expect(readInts(create(TensorProtoSchema, { dims: [2n], ...fields }))).toEqual([0, -1]);
  });

  it('refuses floats', () => {
    expect(() => readInts(floatTensor('t', [1], [1]))).toThrow('expected whole numbers');
  });
});

describe('floatTensor and intTensor', () => {
  it('write float32, float16 and int64', () => {
    expect([...readFloats(floatTensor('t', [3], VALUES))]).toEqual(VALUES);
    expect([...readFloats(floatTensor('t', [3, 1], VALUES, 'float16'))]).toEqual(VALUES);
    expect(floatTensor('t', [3], VALUES, 'float16').rawData).toHaveLength(6);
    expect(readInts(intTensor('t', [2], [5, -1]))).toEqual([5, -1]);
  });

  it('refuse a shape that does not hold the values', () => {
    expect(() => floatTensor('t', [2], VALUES)).toThrow('expected 2 values for t, got 3');
  });
});

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
