import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Extraction } from '../../engine/extract.js';
import { preprocessPixels } from '../../engine/image/raw-pixels.js';
import type { Manifest } from '../../engine/model/manifest.js';
import type { Pixels } from '../../engine/types.js';
import { FIRST_MODEL, IDENTITY, sha256, temporaryFolder, thrownBy, tinyModel } from './model/fixtures.js';

/** Left half one colour, right half another. */
function twoColours(left: number[], right: number[], mask?: Uint8Array): Pixels {
  const row = [...Array.from({ length: 16 }, () => left), ...Array.from({ length: 16 }, () => right)].flat();
  const data = Uint8Array.from(Array.from({ length: 32 }, () => row).flat());
  return { width: 32, height: 32, data, ...(mask === undefined ? {} : { mask }) };
}

function newExtraction(): Extraction {
  const extraction = new Extraction();
  onTestFinished(() => extraction.close());
  return extraction;
}

function expectVector(actual: Float32Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));
}

describe('Extraction', () => {
  it('goes from pixels to a descriptor', async () => {
    const { descriptor, timings } = await newExtraction().describe({
      modelDirectory: tinyModel(),
      pixels: twoColours([30, 0, 0], [30, 160, 0]),
    });
    // mean colour (30, 80, 0)
    expectVector(descriptor, [30 / Math.hypot(30, 80), 80 / Math.hypot(30, 80), 0]);
    expect(Object.keys(timings)).toEqual(['tensor', 'inference', 'pooling']);
    for (const ms of Object.values(timings)) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it('describes parts of a picture from one map of it; null where there is nothing to see', async () => {
    const { descriptors, timings } = await newExtraction().describeWindows({
      modelDirectory: tinyModel(),
      pixels: twoColours([30, 0, 40], [0, 0, 0]),
      windows: [
        { left: 0, top: 0, right: 0.5, bottom: 1 },
        { left: 0, top: 0.5, right: 1, bottom: 1 },
        { left: 0.5, top: 0, right: 1, bottom: 1 },
      ],
    });
    expectVector(descriptors[0]!, [0.6, 0, 0.8]);
    expectVector(descriptors[1]!, [0.6, 0, 0.8]);
    expect(descriptors[2]).toBeNull();
    expect(Object.keys(timings)).toEqual(['tensor', 'inference', 'pooling']);
  });

  it('does not count transparent pixels in a part either', async () => {
    const mask = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 255 : 0));
    const { descriptors } = await newExtraction().describeWindows({
      modelDirectory: tinyModel(),
      pixels: twoColours([30, 0, 40], [255, 255, 0], mask),
      windows: [
        { left: 0, top: 0, right: 1, bottom: 0.5 },
        { left: 0.5, top: 0, right: 1, bottom: 1 },
      ],
    });
    expectVector(descriptors[0]!, [0.6, 0, 0.8]);
    expect(descriptors[1]).toBeNull();
  });

  it('does not count transparent pixels', async () => {
    const mask = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 255 : 0));
    const { descriptor } = await newExtraction().describe({
      modelDirectory: tinyModel(),
      pixels: twoColours([30, 0, 40], [255, 255, 0], mask),
    });
    expectVector(descriptor, [0.6, 0, 0.8]);
  });

  it('reads the projection from its file', async () => {
    const bytes = new Uint8Array(Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0).buffer);
    const projection = { stage: 'projection', file: 'p.f32', sha256: sha256(bytes), inputs: 3, outputs: 2 } as const;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'p.f32'), bytes);
    tinyModel(IDENTITY, { chain: [{ stage: 'spoc' }, projection, { stage: 'l2' }], dimension: 2 }, folder);
    const colour = [30, 0, 40];
    const request = { modelDirectory: folder, pixels: twoColours(colour, colour) };
    expectVector((await newExtraction().describe(request)).descriptor, [0.8, 0.6]);
  });

  it('describes a picture at each scale, and merges', async () => {
    const preprocess = { policy: 'stretch', size: 32, multipleOf: 1, kernel: 'linear' } as const;
    const chain = [{ stage: 'mac' }, { stage: 'l2' }] as Manifest['chain'];
    const describeAt = async (scales: number[] | undefined, picture: Pixels) => {
      const modelDirectory = tinyModel(IDENTITY, { preprocess: { ...preprocess, maxAspect: 2, scales }, chain });
      return (await newExtraction().describe({ modelDirectory, pixels: picture })).descriptor;
    };
    // one orange pixel on green: at half the size it is mixed with its neighbours
    const pixels = (): Pixels => {
      const data = Uint8Array.from(Array.from({ length: 64 * 64 }, () => [0, 200, 0]).flat());
      data.set([255, 200, 100], 3 * (64 * 20 + 20));
      return { width: 64, height: 64, data };
    };
    const large = await describeAt([2], pixels());
    expectVector(
      large,
      [255, 200, 100].map((value) => value / Math.hypot(255, 200, 100)),
    );
    const small = await describeAt(undefined, await preprocessPixels(pixels(), { ...preprocess, maxAspect: 2 }));
    expect(small[0]).toBeLessThan(large[0]! - 0.1);
    const merged = large.map((value, k) => value + small[k]!);
    expectVector(
      await describeAt([1, 2], pixels()),
      [...merged].map((value) => value / Math.hypot(...merged)),
    );
  });

  it('serves several models, and the same picture gives the same descriptor', async () => {
    const extraction = newExtraction();
    const describeWith = async (modelDirectory: string) =>
      (await extraction.describe({ modelDirectory, pixels: twoColours([10, 200, 30], [90, 20, 250]) })).descriptor;
    const tiny = tinyModel();
    const [first, small, again] = await Promise.all([FIRST_MODEL, tiny, FIRST_MODEL].map(describeWith));
    expect(first!.length).toBe(256);
    expect(small!.length).toBe(3);
    expect(again).toEqual(first);
    expect(Math.hypot(...first!)).toBeCloseTo(1, 5);
  });

  it('goes on after a picture that is too plain', async () => {
    const extraction = newExtraction();
    const modelDirectory = tinyModel();
    const black = extraction.describe({ modelDirectory, pixels: twoColours([0, 0, 0], [0, 0, 0]) });
    const next = extraction.describe({ modelDirectory, pixels: twoColours([0, 9, 0], [0, 9, 0]) });
    expect((await thrownBy(() => black)).code).toBe('image_too_plain');
    expectVector((await next).descriptor, [0, 1, 0]);
  });

  it('tries a model again that could not be opened', async () => {
    const extraction = newExtraction();
    const folder = temporaryFolder();
    expect((await thrownBy(() => extraction.open(folder))).code).toBe('model_not_found');
    tinyModel(IDENTITY, {}, folder);
    await extraction.open(folder);
  });

  it('refuses a model whose chain gives another dimension', async () => {
    const error = await thrownBy(() => newExtraction().open(tinyModel(IDENTITY, { dimension: 512 })));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('model tiny: expected dimension 3 of its chain, got 512');
  });
});
