import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { invalidModel } from './invalid-model.js';
import type { NetworkManifest } from './manifest.js';

type ValueMetadata = InferenceSession.ValueMetadata;

/**
 * @returns tensors of the inputs that the manifest has values of, by name, of the type and shape that the network says.
 * @throws model_invalid for a name that is no input or is the picture's, a type other than float32 and int64, or values
 * that are not as many as the shape holds.
 */
export function fixedInputs(inputs: readonly ValueMetadata[], manifest: NetworkManifest): Record<string, Tensor> {
  const entries = Object.entries(manifest.inputs ?? {});
  return Object.fromEntries(entries.map(([name, values]) => [name, fixedInput(inputs, manifest, name, values)]));
}

function fixedInput(
  inputs: readonly ValueMetadata[],
  manifest: NetworkManifest,
  name: string,
  values: readonly number[],
): Tensor {
  const others = inputs.filter((it) => it.name !== manifest.input.name);
  const found = others.find((it) => it.name === name);
  if (found === undefined) {
    const names = others.map((it) => it.name).join(', ') || 'none';
    throw invalidModel(manifest, `expected an input ${name} beside the picture, found ${names}`);
  }
  const type = found.isTensor ? found.type : 'no tensor';
  if (!found.isTensor || (type !== 'float32' && type !== 'int64')) {
    throw invalidModel(manifest, `expected input ${name} of float32 or int64, found ${type}`);
  }
  const dims = dimsFor(found.shape, values.length);
  if (dims === undefined) {
    const shape = found.shape.join(',');
    throw invalidModel(manifest, `expected values of input ${name} [${shape}], got ${values.length} in the manifest`);
  }
  if (type === 'float32') return new Tensor('float32', Float32Array.from(values), dims);
  if (!values.every(Number.isSafeInteger)) {
    throw invalidModel(manifest, `expected whole numbers for input ${name} of int64, got ${values.join(', ')}`);
  }
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

/** The first size that varies takes what the fixed ones leave, all others are 1. @returns undefined if that is no fit. */
function dimsFor(shape: readonly (number | string)[], length: number): number[] | undefined {
  const fixed = shape.reduce<number>((product, it) => (typeof it === 'number' ? product * it : product), 1);
  const varying = shape.findIndex((it) => typeof it === 'string');
  const dims = shape.map((it, i) => (typeof it === 'number' ? it : i === varying ? length / fixed : 1));
  const size = dims.reduce((product, it) => product * it, 1);
  return size === length && dims.every(Number.isInteger) ? dims : undefined;
}
