import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NetworkManifest } from '../../../engine/model/manifest.js';
import { Session } from '../../../engine/model/session.js';
import { FIRST_MODEL, IDENTITY, firstManifest, temporaryFolder, thrownBy, tinyManifest } from './fixtures.js';
import { DOUBLE, INT64, tinyOnnx, type TinyOnnx } from './tiny-onnx.js';

const PICTURE = ['n', 3, 'h', 'w'];
const fixed = (...shape: (number | string)[]): TinyOnnx => ({
  op: 'Identity',
  inputs: [{ name: 'input', shape }],
  outputs: [{ name: 'features', shape }],
});

/** Opens bytes as a network; closed when the test ends. */
async function open(onnx: Uint8Array, manifest: NetworkManifest): Promise<Session> {
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, onnx);
  const session = await Session.open(file, manifest);
  onTestFinished(() => session.close());
  return session;
}

const openTiny = (onnx: TinyOnnx, change: Partial<NetworkManifest> = {}) =>
  open(tinyOnnx(onnx), tinyManifest(IDENTITY, change));

describe('Session', () => {
  it('runs the bundled model at several sizes', async () => {
    const session = await Session.open(join(FIRST_MODEL, 'model.onnx'), firstManifest());
    onTestFinished(() => session.close());
    const map = await session.run(new Float32Array(3 * 96 * 128).fill(0.5), 96, 128);
    expect({ ...map, data: map.data.length }).toEqual({ channels: 512, height: 3, width: 4, data: 512 * 12 });
    expect(Math.min(...map.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...map.data)).toBeGreaterThan(0);
  });

  it('gives the map as [C,h,w]', async () => {
    const session = await open(IDENTITY, tinyManifest());
    const tensor = Float32Array.from({ length: 3 * 2 * 4 }, (_, i) => i);
    expect(await session.run(tensor, 2, 4)).toEqual({ channels: 3, height: 2, width: 4, data: tensor });
  });

  it('feeds a network that takes nhwc', async () => {
    const transpose: TinyOnnx = {
      op: 'Transpose',
      perm: [0, 3, 1, 2],
      inputs: [{ name: 'input', shape: ['n', 'h', 'w', 3] }],
    };
    const session = await openTiny(transpose, { input: { ...tinyManifest().input, layout: 'nhwc' } });
    const map = await session.run(Float32Array.of(1, 2, 3, 4, 5, 6), 1, 2);
    expect(map).toEqual({ channels: 3, height: 1, width: 2, data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  });

  it('takes a fixed size that preprocessing always gives, and a batch of 1', async () => {
    const session = await openTiny(fixed(1, 3, 32, 32));
    expect((await session.run(new Float32Array(3 * 32 * 32), 32, 32)).height).toBe(32);
    const error = await thrownBy(() => session.run(new Float32Array(3 * 16 * 16), 16, 16));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('failed on an input [1,3,16,16]');
  });

  const added = (shape: (number | string)[], type?: number): TinyOnnx => ({
    op: 'Add',
    inputs: [
      { name: 'input', shape: PICTURE },
      { name: 'shift', shape, ...(type !== undefined && { type }) },
    ],
  });

  it.each<[string, (number | string)[], number[]]>([
    ['a vector', [1], [2]],
    ['a scalar', [], [2]],
    ['a vector of any size', ['k'], [2]],
    ['a value a channel', ['k', 3, 1, 1], [2, 2, 2]],
    ['sizes that vary', ['k', 'h', 'w'], [2]],
  ])('feeds what the manifest fixes on every run: %s', async (_name, shape, shift) => {
    const session = await openTiny(added(shape), { inputs: { shift } });
    for (const value of [1, 5]) {
      const map = await session.run(new Float32Array(6).fill(value), 1, 2);
      expect([...map.data]).toEqual(Array<number>(6).fill(value + 2));
    }
  });

  it('feeds whole numbers where the network takes int64', async () => {
    const gather: TinyOnnx = {
      op: 'Gather',
      inputs: [
        { name: 'input', shape: [1, 3, 32, 32] },
        { name: 'picked', shape: [1], type: INT64 },
      ],
      outputs: [{ name: 'features', shape: [1, 3, 32, 32] }],
    };
    const session = await openTiny(gather, { inputs: { picked: [0] } });
    expect((await session.run(new Float32Array(3072).fill(7), 32, 32)).data[0]).toBe(7);
    const error = await thrownBy(() => openTiny(gather, { inputs: { picked: [0.5] } }));
    expect(error.message).toContain('expected whole numbers for input picked of int64, got 0.5');
  });

  it.each<[string, TinyOnnx, Record<string, number[]>, string]>([
    [
      'for an input that is not there',
      added([1]),
      { shift: [1], other: [1] },
      'expected an input other beside the picture, found shift',
    ],
    ['for the picture', { op: 'Identity' }, { input: [1] }, 'expected an input input beside the picture, found none'],
    ['that are too many', added([1]), { shift: [1, 2] }, 'expected values of input shift [1], got 2'],
    ['that fill no shape', added(['k', 3, 1, 1]), { shift: [1, 2] }, 'expected values of input shift [k,3,1,1], got 2'],
    [
      'for a type that cannot be fed',
      added([1], DOUBLE),
      { shift: [1] },
      'expected input shift of float32 or int64, found float64',
    ],
  ])('refuses values %s', async (_name, onnx, inputs, reason) => {
    const powered = reason.includes('float64') ? { ...onnx, op: 'Pow' } : onnx;
    const error = await thrownBy(() => openTiny(powered, { inputs }));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain(reason);
  });

  const input = tinyManifest().input;
  const output = tinyManifest().output;
  it.each<[string, TinyOnnx, Partial<NetworkManifest>, string]>([
    [
      'without the input',
      { op: 'Identity' },
      { input: { ...input, name: 'data' } },
      'expected an input named data, found input',
    ],
    [
      'without the output',
      { op: 'Identity' },
      { output: { ...output, name: 'map' } },
      'expected an output named map, found features',
    ],
    [
      'of another layout',
      { op: 'Identity' },
      { input: { ...input, layout: 'nhwc' } },
      'to be [n,h,w,3] (layout nhwc), found [n,3,h,w]',
    ],
    [
      'with a fixed batch',
      fixed(4, 3, 'h', 'w'),
      {},
      'expected input input to be [n,3,h,w] (layout nchw), found [4,3,h,w]',
    ],
    ['with one channel', fixed('n', 1, 'h', 'w'), {}, 'found [n,1,h,w]'],
    [
      'with a fixed height',
      fixed(1, 3, 64, 'w'),
      {},
      'expected any height, found 64 fixed in the network; preprocess gives center-crop of 32 px',
    ],
    ['with a fixed width', fixed(1, 3, 'h', 64), {}, 'expected any width, found 64'],
    [
      'with a fixed size under fit',
      fixed(1, 3, 32, 32),
      { preprocess: { ...tinyManifest().preprocess, policy: 'fit' } },
      'preprocess gives fit of 32 px',
    ],
    [
      'whose output tells other channels',
      { op: 'Identity' },
      { output: { ...output, channels: 512 } },
      'expected output features to be [n,512,h,w], found [n,3,h,w]',
    ],
    [
      'whose run gives other channels',
      {
        op: 'Identity',
        inputs: [{ name: 'input', shape: ['n', 'c', 'h', 'w'] }],
        outputs: [{ name: 'features', shape: ['n', 'c', 'h', 'w'] }],
      },
      { output: { ...output, channels: 512 } },
      'expected output features with 512 channels, got 3',
    ],
    [
      'of another stride',
      { op: 'Identity' },
      { output: { ...output, stride: 32 } },
      'to have about 1.0 x 1.0 cells for 32 px at stride 32, got 32 x 32',
    ],
    ['that gives NaN', { op: 'Log' }, {}, 'expected output features to be finite'],
    [
      'of float64',
      {
        op: 'Identity',
        inputs: [{ name: 'input', shape: PICTURE, type: DOUBLE }],
        outputs: [{ name: 'features', shape: PICTURE, type: DOUBLE }],
      },
      {},
      'expected input input of float32, found float64',
    ],
    [
      'with two inputs',
      {
        op: 'Add',
        inputs: [
          { name: 'input', shape: PICTURE },
          { name: 'weight', shape: PICTURE },
        ],
      },
      {},
      "expected input as the only input that the manifest's inputs do not name, found also weight",
    ],
  ])('refuses a network %s', async (_name, onnx, change, reason) => {
    const error = await thrownBy(() => openTiny(onnx, change));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('model tiny:');
    expect(error.message).toContain(reason);
  });

  const first = readFileSync(join(FIRST_MODEL, 'model.onnx'));
  it.each([
    ['empty', new Uint8Array(0)],
    ['no ONNX', Buffer.from('not a network at all')],
    ['cut in half', first.subarray(0, first.length / 2)],
  ])('refuses a file that is %s', async (_name, bytes) => {
    const error = await thrownBy(() => open(bytes, firstManifest()));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('model first: expected an ONNX file that can be loaded');
  });
});
