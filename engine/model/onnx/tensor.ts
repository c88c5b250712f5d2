import { create } from '@bufbuild/protobuf';
import { LikenessError } from '../../errors.js';
import { fromFloat16Bits, toFloat16Bits } from './float16.js';
import { TensorProto_DataType as DataType, TensorProtoSchema, type TensorProto } from './onnx_pb.js';

/** How numbers lie in the file, or how a network computes. */
export type FloatType = 'float32' | 'float16';

/** @returns the tensor's shape; a scalar has none: []. */
export function dimsOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/** @returns how many values a shape holds; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** @returns the floating type of an ONNX data type, or undefined for all others. */
export function floatTypeOf(dataType: number): FloatType | undefined {
  if (dataType === DataType.FLOAT) return 'float32';
  return dataType === DataType.FLOAT16 ? 'float16' : undefined;
}

/** @returns the ONNX data type of a floating type. */
export function dataTypeOf(type: FloatType): number {
  return type === 'float32' ? DataType.FLOAT : DataType.FLOAT16;
}

/**
 * Reads a tensor of float32, float16 or float64, in whichever of the format's forms its values lie.
 * @returns the values, row-major.
 * @throws model_invalid if it holds integers or anything else, or not as many values as its shape says.
 */
export function readFloats(tensor: TensorProto): Float32Array {
  return checkSize(tensor, decodeFloats(tensor));
}

/**
 * Reads a tensor of int64 or int32.
 * @throws model_invalid if it holds anything else, or not as many values as its shape says.
 */
export function readInts(tensor: TensorProto): number[] {
  return checkSize(tensor, decodeInts(tensor));
}

/** @returns a tensor that holds the values as raw bytes of the wanted type. */
export function floatTensor(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
  type: FloatType = 'float32',
): TensorProto {
  const stored = type === 'float32' ? new Float32Array(values) : toFloat16Bits(values);
  return checked(name, dims, dataTypeOf(type), stored);
}

/** @returns a tensor of int64. */
export function intTensor(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  return checked(name, dims, DataType.INT64, BigInt64Array.from(values, BigInt));
}

/** The format stores raw bytes little-endian, as every platform that runs the network does. */
function checked(
  name: string,
  dims: readonly number[],
  dataType: number,
  stored: ArrayBufferView & ArrayLike<unknown>,
) {
  if (sizeOf(dims) !== stored.length) {
    throw new LikenessError('internal', `expected ${sizeOf(dims)} values for ${name}, got ${stored.length}`);
  }
  const rawData = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

function decodeFloats(tensor: TensorProto): Float32Array {
  const raw = tensor.rawData.length > 0;
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return raw ? new Float32Array(rawBuffer(tensor, 4)) : new Float32Array(tensor.floatData);
    case DataType.FLOAT16:
      return fromFloat16Bits(raw ? new Uint16Array(rawBuffer(tensor, 2)) : tensor.int32Data);
    case DataType.DOUBLE:
      return Float32Array.from(raw ? new Float64Array(rawBuffer(tensor, 8)) : tensor.doubleData);
    default:
      throw invalid(tensor, `expected floating-point values, found data type ${tensor.dataType}`);
  }
}

function decodeInts(tensor: TensorProto): number[] {
  const raw = tensor.rawData.length > 0;
  switch (tensor.dataType) {
    case DataType.INT64:
      return Array.from(raw ? new BigInt64Array(rawBuffer(tensor, 8)) : tensor.int64Data, Number);
    case DataType.INT32:
      return Array.from(raw ? new Int32Array(rawBuffer(tensor, 4)) : tensor.int32Data);
    default:
      throw invalid(tensor, `expected whole numbers, found data type ${tensor.dataType}`);
  }
}

/** A copy: the bytes lie somewhere in the file's buffer, which typed arrays of wider numbers cannot view. */
function rawBuffer(tensor: TensorProto, width: number): ArrayBuffer {
  const bytes = tensor.rawData;
  if (bytes.length % width !== 0) {
    throw invalid(tensor, `expected a multiple of ${width} bytes, found ${bytes.length}`);
  }
  return new Uint8Array(bytes).buffer;
}

function checkSize<T extends ArrayLike<number>>(tensor: TensorProto, values: T): T {
  const dims = dimsOf(tensor);
  if (sizeOf(dims) === values.length) return values;
  throw invalid(tensor, `expected ${sizeOf(dims)} values for [${dims.join(',')}], found ${values.length}`);
}

function invalid(tensor: TensorProto, found: string): LikenessError {
  return new LikenessError('model_invalid', `tensor ${tensor.name || '(unnamed)'}: ${found}`);
}
