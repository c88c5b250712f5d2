import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../engine/model/manifest.js';
import { loadModelFolder, loadNetworkFolder } from '../../engine/model/model-folder.js';
import { packageRoot } from '../../engine/package-root.js';
import { projectedModel, stagesSince } from '../../engine/projected-model.js';
import { tryModel } from '../../engine/try-model.js';
import { deriveWhitened, learnWhitening, pooledChain, pooledModel } from '../../engine/whiten.js';
import { randomUnit, seededRandom } from '../support/vectors.js';
import { tempFolder } from '../support/temp-folder.js';

const FIRST = join(packageRoot(), 'models', 'first');
const OPTIONS = { dimension: 4, power: 0.25, shrinkage: 0 };
const random = seededRandom(1);
const unit = (dimension: number) => randomUnit(dimension, random);

describe('pooledChain', () => {
  it('ends before the first projection, with l2', () => {
    const projection = { stage: 'projection' as const, file: 'p.f32', sha256: 'a'.repeat(64), inputs: 8, outputs: 4 };
    expect(pooledChain([{ stage: 'spoc' }, projection, { stage: 'l2' }])).toEqual([{ stage: 'spoc' }, { stage: 'l2' }]);
    const rooted = [{ stage: 'mac' as const }, { stage: 'power' as const, exponent: 0.5 }, { stage: 'l2' as const }];
    expect(pooledChain([...rooted, projection, { stage: 'l2' }])).toEqual(rooted);
    expect(pooledChain(rooted)).toEqual(rooted);
  });
});

it('is not made of a pooled vector whose covariance would not fit', async () => {
  const { manifest, ...folder } = await loadModelFolder(join(packageRoot(), 'models', 'hog'));
  const vlad = (words: number) => {
    const extractor = { kind: 'vlad' as const, file: 'v.f32', sha256: 'a'.repeat(64), words, maxPoints: 500 };
    return { ...folder, manifest: { ...manifest, extractor, dimension: 128 * words } as Manifest };
  };
  expect(pooledModel(vlad(32)).manifest.dimension).toBe(4096);
  expect(() => pooledModel(vlad(64))).toThrow(
    expect.objectContaining({
      code: 'descriptor_too_long',
      message: 'expected a pooled vector of hog of at most 4096 numbers to learn a projection from, got 8192',
    }) as Error,
  );
});

describe('learnWhitening', () => {
  it('says how many pictures it needs', () => {
    const pictures = (count: number) => ({
      kind: 'pictures' as const,
      vectors: Array.from({ length: count }, () => unit(8)),
    });
    expect(learnWhitening(pictures(5), OPTIONS).outputs).toBe(4);
    const refused = () => learnWhitening(pictures(4), OPTIONS);
    expect(refused).toThrow('expected at least 5 pictures to learn 4 directions from, got 4');
    expect(refused).toThrow(expect.objectContaining({ code: 'too_few_examples' }) as Error);
    expect(() => learnWhitening({ kind: 'pairs', pairs: [] }, OPTIONS)).toThrow('expected at least 5 pictures');
  });
});

describe('a whitened model', () => {
  it(
    'has the network of its parent, another chain and another fingerprint, and runs',
    { timeout: 30_000 },
    async () => {
      const folder = await tempFolder();
      const parent = await loadNetworkFolder(FIRST);
      const { dimension } = pooledModel(parent).manifest;
      const map = { inputs: dimension, outputs: 4, weights: unit(4 * dimension), bias: unit(4) };
      const options = { name: 'whitened', directory: join(folder, 'whitened'), description: 'for a test', tryModel };
      const made = await deriveWhitened(parent, map, options);
      expect(made.manifest).toMatchObject({ name: 'whitened', sha256: parent.manifest.sha256, dimension: 4 });
      expect(made.manifest.chain.map(({ stage }) => stage)).toEqual(
        ['spoc', 'l2', 'projection', 'l2'].map((stage, i) => (i === 0 ? parent.manifest.chain[0]!.stage : stage)),
      );
      expect(made.fingerprint).not.toBe(parent.fingerprint);
      expect(
        (await readFile(join(made.directory, 'model.onnx'))).equals(await readFile(join(FIRST, 'model.onnx'))),
      ).toBe(true);
      await expect(deriveWhitened(parent, map, options)).rejects.toMatchObject({ code: 'invalid_request' });
      const wrong = { ...map, inputs: 3, weights: map.weights.slice(0, 12) };
      await expect(deriveWhitened(parent, wrong, { ...options, directory: join(folder, 'x') })).rejects.toMatchObject({
        code: 'model_invalid',
      });
    },
  );
});

describe('stagesSince', () => {
  it('gives what was put behind the chain that made a descriptor', async () => {
    const parent = await loadNetworkFolder(FIRST);
    const { dimension } = parent.manifest;
    const map = learnWhitening(
      { kind: 'pictures', vectors: Array.from({ length: 5 }, () => unit(dimension)) },
      OPTIONS,
    );
    const { model, stages } = await projectedModel(parent, map);
    expect(model.manifest.dimension).toBe(4);
    expect(stagesSince(model, parent.fingerprint)).toEqual(stages);
    expect(stagesSince(model, model.fingerprint)).toEqual([]);
    expect(stagesSince(model, 'f'.repeat(32))).toBeUndefined();
    const preprocess = { ...parent.manifest.preprocess, scales: [1, 0.7] };
    const scaled = { ...parent, manifest: { ...parent.manifest, preprocess } };
    const behind = (await projectedModel(scaled, map)).model;
    expect(stagesSince(behind, parent.fingerprint)).toBeUndefined();
  });
});
