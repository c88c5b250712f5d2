import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { customModel } from '../../engine/custom-model.js';
import { Extraction } from '../../engine/extract.js';
import { fingerprint } from '../../engine/model/fingerprint.js';
import { classicalManifestSchema, type ClassicalManifest } from '../../engine/model/manifest.js';
import { loadModelFolder } from '../../engine/model/model-folder.js';
import { packageRoot } from '../../engine/package-root.js';
import { texturedPixels } from '../support/textured.js';
import { dot, randomUnit, seededRandom } from '../support/vectors.js';
import { sha256, temporaryFolder } from './model/fixtures.js';

const bundled = (name: string) => join(packageRoot(), 'models', name);
const WORDS = 4;
/** Four words of SIFT, and their inverse document frequencies. */
const VALUES = Float32Array.from([
  ...Array.from({ length: WORDS }, (_, seed) => [...randomUnit(128, seededRandom(seed)).map(Math.abs)]).flat(),
  ...[1, 2, 3, 4],
]);

function modelFolder(kind: 'vlad' | 'bow', change: object = {}): string {
  const folder = temporaryFolder();
  const bytes = new Uint8Array(VALUES.buffer, 0, 4 * (kind === 'vlad' ? WORDS * 128 : VALUES.length));
  writeFileSync(join(folder, 'words.f32'), bytes);
  const extractor = { kind, file: 'words.f32', sha256: sha256(bytes), words: WORDS };
  const manifest = {
    ...{ format: 1, name: kind, licence: 'none', preprocess: { policy: 'inside', size: 480 }, extractor },
    ...{ chain: [{ stage: 'power' }, { stage: 'l2' }], dimension: kind === 'vlad' ? WORDS * 128 : WORDS, ...change },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

function extraction(): Extraction {
  const opened = new Extraction();
  onTestFinished(() => opened.close());
  return opened;
}

const plain = { width: 40, height: 40, data: new Uint8Array(4800).fill(90) };

describe('models without a network', () => {
  it.each([bundled('lab-histogram'), bundled('hog')])('%s describes a picture', async (modelDirectory) => {
    const { manifest } = await loadModelFolder(modelDirectory);
    const of = async (seed: number) =>
      (await extraction().describe({ modelDirectory, pixels: texturedPixels(seed, 128) })).descriptor;
    const [a, again, b] = [await of(1), await of(1), await of(2)];
    expect(a).toHaveLength(manifest.dimension);
    expect(dot(a, a)).toBeCloseTo(1, 5);
    expect(again).toEqual(a);
    expect(dot(a, b)).toBeLessThan(0.999);
  });

  it.each(['vlad', 'bow'] as const)(
    '%s describes the key points of a picture, and refuses one without',
    async (kind) => {
      const modelDirectory = modelFolder(kind);
      const { descriptor, timings } = await extraction().describe({ modelDirectory, pixels: texturedPixels(1) });
      expect(descriptor).toHaveLength((await loadModelFolder(modelDirectory)).manifest.dimension);
      expect(dot(descriptor, descriptor)).toBeCloseTo(1, 5);
      expect(timings.inference).toBeGreaterThan(0);
      const refused = expect.objectContaining({ code: 'image_too_plain' }) as Error;
      await expect(extraction().describe({ modelDirectory, pixels: plain })).rejects.toThrow(refused);
      const hidden = { ...texturedPixels(1), mask: new Uint8Array(40_000) };
      await expect(extraction().describe({ modelDirectory, pixels: hidden })).rejects.toThrow(refused);
    },
  );

  it('have no subjects', async () => {
    const asked = extraction().activation({ modelDirectory: bundled('hog'), pixels: plain });
    await expect(asked).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it.each([
    ['a pooling', { chain: [{ stage: 'spoc' }, { stage: 'l2' }] }, /stages on vectors/],
    ['no l2 at the end', { chain: [{ stage: 'power' }] }, /l2 as last stage/],
    ['another dimension', { dimension: 100 }, /expected dimension 512/],
    ['another extractor', { extractor: { kind: 'gist' } }, /kind/],
    ['a network beside it', { input: { name: 'x' } }, /input/],
  ])('are refused with %s', async (_name, change, message) => {
    const opened = extraction().open(modelFolder('vlad', change));
    await expect(opened).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  it('are refused with a vocabulary of another size', async () => {
    const folder = modelFolder('vlad');
    const bytes = new Uint8Array(16);
    writeFileSync(join(folder, 'words.f32'), bytes);
    const { manifest } = await loadModelFolder(modelFolder('vlad'));
    const { extractor } = manifest as ClassicalManifest;
    const changed = { ...manifest, extractor: { ...extractor, sha256: sha256(bytes) } };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(changed));
    await expect(extraction().open(folder)).rejects.toThrow(/512 values for 4 words, got 4/);
  });

  it('have a fingerprint of their extractor, preprocessing and chain, not of names', async () => {
    const model = await loadModelFolder(modelFolder('vlad'));
    const manifest = model.manifest as ClassicalManifest;
    const { extractor } = manifest as ClassicalManifest & { extractor: { kind: 'vlad' } };
    const of = (change: object) => fingerprint(classicalManifestSchema.parse({ ...manifest, ...change }));
    expect(of({ name: 'other', extractor: { ...extractor, file: 'other.f32' } })).toBe(model.fingerprint);
    expect(of({ extractor: { ...extractor, sha256: '0'.repeat(64) } })).not.toBe(model.fingerprint);
    expect(of({ extractor: { ...extractor, maxPoints: 100 } })).not.toBe(model.fingerprint);
    expect(of({ preprocess: { policy: 'inside', size: 320 } })).not.toBe(model.fingerprint);
    const custom = customModel(model, { chain: [{ stage: 'l2' }] });
    expect(custom.fingerprint).not.toBe(model.fingerprint);
    expect(() => customModel(model, { chain: [{ stage: 'mac' }] })).toThrow(/stages on vectors/);
  });
});
