import type { InferenceSession } from 'onnxruntime-node';
import type { FeatureMap } from '../types.js';
import { invalidModel } from './invalid-model.js';
import type { NetworkManifest } from './manifest.js';

type ValueMetadata = InferenceSession.ValueMetadata;
type TensorMetadata = Extract<ValueMetadata, { isTensor: true }>;

/**
 * @throws model_invalid unless the network takes one float32 picture of the manifest's name, layout and size, and nothing
 * else that the manifest has no values of.
 */
export function checkInput(inputs: readonly ValueMetadata[], manifest: NetworkManifest): void {
  const { name, layout } = manifest.input;
  const { shape } = findTensor('input', inputs, name, manifest);
  const given = [name, ...Object.keys(manifest.inputs ?? {})];
  const unfed = inputs.map((input) => input.name).filter((it) => !given.includes(it));
  const only = `expected ${name} as the only input that the manifest's inputs do not name`;
  expect(unfed.length === 0, manifest, `${only}, found also ${unfed.join(', ')}`);
  const channelsLast = [shape[0], shape[3], shape[1], shape[2]];
  const [batch, channels, height, width] = layout === 'nchw' ? shape : channelsLast;
  const otherChannels = layout === 'nchw' ? shape[3] : shape[1];
  const swapped = otherChannels === 3 && channels !== 3;
  const expected = layout === 'nchw' ? '[n,3,h,w]' : '[n,h,w,3]';
  const message = `expected input ${name} to be ${expected} (layout ${layout}), found [${shape.join(',')}]`;
  expect(shape.length === 4 && allows(batch, 1) && allows(channels, 3) && !swapped, manifest, message);
  checkSide('height', height, manifest);
  checkSide('width', width, manifest);
}

/** @throws model_invalid unless the network has a float32 output of the manifest's name with its channels. */
export function checkOutput(outputs: readonly ValueMetadata[], manifest: NetworkManifest): void {
  const { name, channels } = manifest.output;
  const { shape } = findTensor('output', outputs, name, manifest);
  const message = `expected output ${name} to be [n,${channels},h,w], found [${shape.join(',')}]`;
  expect(shape.length === 4 && allows(shape[1], channels), manifest, message);
}

/** @throws model_invalid unless the map that a side x side input gave has the manifest's channels and stride. */
export function checkFeatureMap(map: FeatureMap, side: number, manifest: NetworkManifest): void {
  const { name, channels, stride } = manifest.output;
  expect(map.channels === channels, manifest, `expected output ${name} with ${channels} channels, got ${map.channels}`);
  const fits = [map.height, map.width].every((cells) => Math.abs(cells - side / stride) < 1);
  const cells = (side / stride).toFixed(1);
  const size = `expected output ${name} to have about ${cells} x ${cells} cells for ${side} px at stride ${stride}`;
  expect(fits, manifest, `${size}, got ${map.height} x ${map.width}`);
  expect(map.data.every(Number.isFinite), manifest, `expected output ${name} to be finite, got NaN or infinity`);
}

function findTensor(
  kind: 'input' | 'output',
  values: readonly ValueMetadata[],
  name: string,
  manifest: NetworkManifest,
): TensorMetadata {
  const names = values.map((value) => value.name).join(', ');
  const value = values.find((candidate) => candidate.name === name);
  if (value === undefined) throw invalidModel(manifest, `expected an ${kind} named ${name}, found ${names}`);
  const type = value.isTensor ? value.type : 'no tensor';
  if (!value.isTensor || type !== 'float32')
    throw invalidModel(manifest, `expected ${kind} ${name} of float32, found ${type}`);
  return value;
}

/** A network with a fixed side takes only pictures that are always cut to it. */
function checkSide(side: string, fixed: number | string | undefined, manifest: NetworkManifest): void {
  if (typeof fixed !== 'number') return;
  const { policy, size } = manifest.preprocess;
  const message = `expected any ${side}, found ${fixed} fixed in the network; preprocess gives ${policy} of ${size} px`;
  const isSquare = policy === 'center-crop' || policy === 'stretch';
  expect(isSquare && fixed === size, manifest, message);
}

/** A dimension given by name takes any size. */
function allows(dimension: number | string | undefined, size: number): boolean {
  return typeof dimension === 'string' || dimension === size;
}

function expect(condition: boolean, manifest: NetworkManifest, message: string): void {
  if (!condition) throw invalidModel(manifest, message);
}
