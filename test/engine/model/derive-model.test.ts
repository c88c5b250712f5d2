import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Extraction } from '../../../engine/extract.js';
import { decodeImage } from '../../../engine/image/decode.js';
import { imageLimitsSchema } from '../../../engine/image/limits.js';
import { deriveModel, type DeriveRequest } from '../../../engine/model/derive-model.js';
import { loadNetworkFolder, type LoadedNetwork } from '../../../engine/model/model-folder.js';
import { applyPasses, type PassStep } from '../../../engine/model/passes/apply-passes.js';
import { runWeightInputs } from '../../../engine/model/run-weights.js';
import { tryModel } from '../../../engine/try-model.js';
import { drawPicture } from '../../support/pictures.js';
import { dot } from '../../support/vectors.js';
import { FIRST_MODEL, temporaryFolder, thrownBy } from './fixtures.js';

const accept = () => Promise.resolve();

async function derive(
  steps: PassStep[],
  change: Partial<DeriveRequest> & { weight?: number } = {},
): Promise<LoadedNetwork> {
  const { weight, ...rest } = change;
  return deriveModel({
    parent: await loadNetworkFolder(FIRST_MODEL),
    name: 'derived',
    directory: join(temporaryFolder(), 'models', 'derived'),
    rewrite: (network) => {
      const rewritten = applyPasses(network, steps);
      const names = rewritten.passes.flatMap(({ inputs }) => inputs);
      return weight === undefined
        ? rewritten
        : { ...rewritten, inputs: runWeightInputs(names, { standard: weight, exceptions: {} }) };
    },
    tryModel: accept,
    ...rest,
  });
}

/** Descriptors of a few pictures, as a collection would get them. */
async function describePictures(directory: string): Promise<Float32Array[]> {
  const extraction = new Extraction();
  onTestFinished(() => extraction.close());
  const { manifest } = await loadNetworkFolder(directory);
  const descriptors = [];
  for (const seed of [1, 2, 3]) {
    const limits = imageLimitsSchema.parse({});
    const { pixels } = await decodeImage(await drawPicture(seed), { limits, preprocess: manifest.preprocess });
    descriptors.push((await extraction.describe({ modelDirectory: directory, pixels })).descriptor);
  }
  return descriptors;
}

async function largestGap(a: string, b: string): Promise<number> {
  const [left, right] = [await describePictures(a), await describePictures(b)];
  const gaps = left.flatMap((vector, i) => [...vector].map((value, k) => Math.abs(value - right[i]![k]!)));
  return Math.max(...gaps);
}

describe('deriveModel', () => {
  it('folds the bundled model without changing its descriptors', async () => {
    const { manifest, directory, fingerprint } = await derive([{ pass: 'fold-bn' }], { tryModel });
    expect(await largestGap(FIRST_MODEL, directory)).toBeLessThan(1e-4);
    const parent = await loadNetworkFolder(FIRST_MODEL);
    expect(fingerprint).not.toBe(parent.fingerprint);
    expect(readdirSync(directory).sort()).toEqual(['manifest.json', 'model.onnx', 'projection.f32']);
    const { normalization, name, sha256, description, ...rest } = manifest;
    const { normalization: _n, name: _name, sha256: _s, description: _d, ...parents } = parent.manifest;
    expect(rest).toEqual(parents);
    expect([name, description, normalization.notes]).toEqual(['derived', 'first after fold-bn', 'fold-bn at 16 sites']);
    expect(sha256).not.toBe(parent.manifest.sha256);
    const [derivation] = normalization.provenance ?? [];
    expect(derivation?.parent).toEqual({ name: 'first', sha256: parent.manifest.sha256 });
    const passes = derivation?.passes.map(({ pass, sites, skipped }) => [pass, sites.length, skipped.length]);
    expect(passes).toEqual([['fold-bn', 16, 6]]);
  });

  it('mixes with values in the manifest: at 1 the parent, at less another', async () => {
    const [same, other] = [
      await derive([{ pass: 'mix' }], { weight: 1 }),
      await derive([{ pass: 'mix' }], { weight: 0.9 }),
    ];
    expect(same.manifest.inputs).toEqual({ runWeight: [1] });
    expect(await largestGap(FIRST_MODEL, same.directory)).toBeLessThan(1e-4);
    expect(await largestGap(FIRST_MODEL, other.directory)).toBeGreaterThan(1e-2);
    expect(other.manifest.sha256).toBe(same.manifest.sha256);
    expect(other.fingerprint).not.toBe(same.fingerprint);
  });

  it('keeps the whole line of descent, and values of inputs that parents had', async () => {
    const mixed = await derive([{ pass: 'mix', stages: ['stem'] }], { weight: 0.5, name: 'mixed' });
    const steps: PassStep[] = [
      { pass: 'bn-to-in', stages: [1] },
      { pass: 'mix', stages: [2], inputs: 'stage' },
    ];
    const { manifest, directory } = await derive(steps, { parent: mixed, weight: 0.75, tryModel });
    expect(manifest.inputs).toEqual({ runWeight: [0.5], 'runWeight.2': [0.75] });
    expect(manifest.normalization.kind).toBe('mixed');
    const line = manifest.normalization.provenance?.map(({ parent, passes }) => [
      parent.name,
      ...passes.map((it) => it.pass),
    ]);
    expect(line).toEqual([
      ['first', 'mix'],
      ['mixed', 'bn-to-in', 'mix'],
    ]);
    const [descriptor] = await describePictures(directory);
    expect(dot(descriptor!, descriptor!)).toBeCloseTo(1, 5);
  });

  it.each<[string, PassStep[], Partial<DeriveRequest>, string, string]>([
    ['a step that fits no site', [{ pass: 'bn-to-ibn-a' }], {}, 'invalid_request', 'in stages 1, 2, 3, found none'],
    [
      'a second step that fits none',
      [{ pass: 'bn-to-in' }, { pass: 'fold-bn' }],
      {},
      'invalid_request',
      'expected a batch',
    ],
    ['a name that is none', [{ pass: 'fold-bn' }], { name: 'No Name' }, 'invalid_request', 'got "No Name"'],
    [
      'an input without a value',
      [{ pass: 'mix' }],
      {},
      'invalid_request',
      'expected values of the inputs that the network gets: runWeight',
    ],
    [
      'an output that is pooled away',
      [{ pass: 'pool-in-graph' }],
      { tryModel },
      'model_invalid',
      'expected an output named features, found pooled',
    ],
  ])('refuses %s, and writes nothing', async (_name, steps, change, code, reason) => {
    const folder = temporaryFolder();
    const error = await thrownBy(() => derive(steps, { directory: join(folder, 'derived'), ...change }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves a folder that is there alone, the parent above all', async () => {
    const before = readFileSync(join(FIRST_MODEL, 'manifest.json'));
    const error = await thrownBy(() => derive([{ pass: 'fold-bn' }], { directory: FIRST_MODEL }));
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain('expected a folder that is not there yet');
    expect(readFileSync(join(FIRST_MODEL, 'manifest.json'))).toEqual(before);
  });

  it('refuses a folder before the long work', async () => {
    let worked = false;
    const rewrite = () => {
      worked = true;
      throw new Error('unreachable');
    };
    await thrownBy(() => derive([], { directory: FIRST_MODEL, rewrite }));
    expect([worked, existsSync(FIRST_MODEL)]).toEqual([false, true]);
  });
});
