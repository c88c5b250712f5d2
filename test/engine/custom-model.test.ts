import { describe, expect, it } from 'vitest';
import { customManifest, customModel } from '../../engine/custom-model.js';
import { chainRequestSchema } from '../../engine/model/descriptor-request.js';
import { fingerprint } from '../../engine/model/fingerprint.js';
import { loadModelFolder } from '../../engine/model/model-folder.js';
import { FIRST_MODEL, firstManifest, sha256, thrownBy } from './model/fixtures.js';

const first = firstManifest();
const own = first.chain.find((stage) => stage.stage === 'projection')!;
const { file, inputs, outputs } = own;
const facts = { file, sha256: own.sha256, inputs, outputs };
const chain = (stages: unknown[]) => ({ chain: chainRequestSchema.parse(stages) });

describe('customManifest', () => {
  it('leaves what was not asked for as it is', () => {
    expect(customManifest(first, {})).toEqual(first);
    expect(customManifest(first, { scales: [1] })).toEqual(first);
  });

  it('takes files from the model, adds l2, and says the dimension', () => {
    const plain = customManifest(first, chain([{ stage: 'gem', p: 4 }]));
    expect(plain.chain).toEqual([{ stage: 'gem', p: 4, eps: 1e-6 }, { stage: 'l2' }]);
    expect(plain.dimension).toBe(inputs);
    const projected = customManifest(first, chain([{ stage: 'mac' }, { stage: 'l2' }, { stage: 'projection', file }]));
    expect(projected.chain).toEqual([{ stage: 'mac' }, { stage: 'l2' }, own, { stage: 'l2' }]);
    expect(projected.dimension).toBe(outputs);
    const regions = customManifest(first, chain([{ stage: 'rmac', projection: {} }, { stage: 'l2' }]));
    expect(regions.chain).toEqual([{ stage: 'rmac', levels: 3, projection: facts }, { stage: 'l2' }]);
    expect(regions.dimension).toBe(outputs);
  });

  it('takes learned attention from the model, beside a projection of the same model', () => {
    const attention = { file: 'a.f32', sha256: sha256(new Uint8Array(1)), hidden: 4 };
    const parent = { ...first, chain: [{ stage: 'attention-rmac' as const, levels: 2, projection: facts, attention }] };
    const asked = [{ stage: 'attention-rmac', levels: 3, projection: {}, attention: {} }];
    expect(customManifest(parent, chain(asked)).chain[0]).toEqual({ ...parent.chain[0], levels: 3 });
  });

  it('sets scales', () => {
    expect(customManifest(first, { scales: [1, 0.5] }).preprocess).toEqual({ ...first.preprocess, scales: [1, 0.5] });
  });

  it.each<[string, unknown[], string]>([
    ['without a pooling', [{ stage: 'projection' }], 'as first stage, got projection'],
    ['that does not fit', [{ stage: 'mac' }, { stage: 'projection' }, { stage: 'projection' }], 'expected 256 inputs'],
    ['with another file', [{ stage: 'mac' }, { stage: 'projection', file: 'b.f32' }], 'has projection.f32'],
    ['with attention', [{ stage: 'attention-rmac', attention: {} }], 'with a file of attention, but first has none'],
    ['of too many exponents', [{ stage: 'gem', p: [1, 2] }], 'got 2'],
  ])('refuses a chain %s', async (_name, stages, message) => {
    const error = await thrownBy(() => customManifest(first, chain(stages)));
    expect(error.code).toBe('invalid_request');
    expect(error.message).toContain(message);
  });
});

describe('customModel', () => {
  it('has a fingerprint of its own', async () => {
    const model = await loadModelFolder(FIRST_MODEL);
    const custom = customModel(model, { scales: [1, 0.5] });
    expect(custom.directory).toBe(model.directory);
    expect(custom.fingerprint).toBe(fingerprint(custom.manifest));
    expect(
      new Set([model.fingerprint, custom.fingerprint, customModel(model, chain([{ stage: 'crow' }])).fingerprint]).size,
    ).toBe(3);
  });
});
