import { describe, expect, it, onTestFinished } from 'vitest';
import { Extraction } from '../../engine/extract.js';
import { Extractor } from '../../engine/extractor.js';
import { tryModel } from '../../engine/try-model.js';
import type { Pixels } from '../../engine/types.js';
import { FIRST_MODEL, temporaryFolder, thrownBy, tinyModel } from './model/fixtures.js';

/** A picture with something to see, another for each seed. */
function picture(seed: number): Pixels {
  const data = Uint8Array.from({ length: 144 * 144 * 3 }, (_, i) => 128 + 127 * Math.sin(seed + i / (7 + seed)));
  return { width: 144, height: 144, data };
}

function newExtractor(threads: number): Extractor {
  const extractor = new Extractor({ threads });
  onTestFinished(() => extractor.close());
  return extractor;
}

describe('Extractor with real threads', () => {
  it('gives what one thread alone would, for every picture', async () => {
    const extractor = newExtractor(2);
    await extractor.open(FIRST_MODEL);
    const seeds = Array.from({ length: 12 }, (_, i) => i);
    const pooled = await Promise.all(seeds.map((seed) => extractor.describe(FIRST_MODEL, picture(seed))));
    const alone = new Extraction();
    onTestFinished(() => alone.close());
    for (const seed of seeds) {
      const { descriptor } = await alone.describe({ modelDirectory: FIRST_MODEL, pixels: picture(seed) });
      expect(pooled[seed]!.descriptor).toEqual(descriptor);
    }
  });

  it('moves the pixels, unless their buffer is shared with others', async () => {
    const extractor = newExtractor(1);
    const own = picture(1);
    const slab = new Uint8Array(own.data.length + 8);
    slab.set(own.data, 8);
    const view = { ...own, data: slab.subarray(8) };
    const fromView = await extractor.describe(FIRST_MODEL, view);
    const moved = await extractor.describe(FIRST_MODEL, own);
    expect(own.data.length).toBe(0);
    expect(slab.length).toBeGreaterThan(0);
    expect(fromView.descriptor).toEqual(moved.descriptor);
  });

  it('says with its code what is wrong with a picture or a model', async () => {
    const extractor = newExtractor(1);
    const mask = new Uint8Array(144 * 144);
    const transparent = await thrownBy(() => extractor.describe(FIRST_MODEL, { ...picture(1), mask }));
    expect(transparent.code).toBe('image_too_plain');
    expect((await thrownBy(() => extractor.open(temporaryFolder()))).code).toBe('model_not_found');
    const wrong = tinyModel(undefined, { output: { name: 'map', channels: 3, stride: 1 } });
    const error = await thrownBy(() => extractor.describe(wrong, picture(1)));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('expected an output named map, found features');
  });

  it('describes with a model after it was dropped', async () => {
    const extractor = newExtractor(1);
    const { descriptor } = await extractor.describe(FIRST_MODEL, picture(2));
    await extractor.drop(FIRST_MODEL);
    expect((await extractor.describe(FIRST_MODEL, picture(2))).descriptor).toEqual(descriptor);
  });
});

describe('tryModel', () => {
  it('accepts the bundled model and refuses a wrong one', async () => {
    await tryModel(FIRST_MODEL);
    expect((await thrownBy(() => tryModel(tinyModel(undefined, { dimension: 7 })))).code).toBe('model_invalid');
  });
});
