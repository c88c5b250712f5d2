import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNetwork } from '../../../engine/model/manifest.js';
import { loadModelFolder } from '../../../engine/model/model-folder.js';
import { packageRoot } from '../../../engine/package-root.js';
import { combineVariations, namesOf, writeVariant } from '../../../scripts/evaluation/model-variants.js';
import { tempFolder } from '../../support/temp-folder.js';

const FIRST = join(packageRoot(), 'models', 'first');

async function variant(...axes: string[]) {
  const [variations] = combineVariations(axes);
  const folder = await writeVariant(await loadModelFolder(FIRST), variations!, join(await tempFolder(), 'v'));
  return loadModelFolder(folder);
}

describe('a sweep', () => {
  it('is every combination of its axes', () => {
    expect(combineVariations(['size=144,176', 'chain=mac,gem:4']).map(namesOf)).toEqual([
      'size=144 chain=mac',
      'size=144 chain=gem:4',
      'size=176 chain=mac',
      'size=176 chain=gem:4',
    ]);
    expect(combineVariations([])).toEqual([[]]);
  });

  it.each(['colour=red', 'size', 'size=', '=1', 'toString=1'])('refuses %s', (axis) => {
    expect(() => combineVariations([axis])).toThrow(`got ${axis}`);
  });

  it('makes whole model folders, each with a fingerprint of its own', async () => {
    const own = await loadModelFolder(FIRST);
    expect((await variant('chain=own')).fingerprint).toBe(own.fingerprint);
    const size = await variant('size=176');
    expect(size.manifest.preprocess).toEqual({ ...own.manifest.preprocess, size: 176 });
    expect(size.fingerprint).not.toBe(own.fingerprint);
    const mac = await variant('chain=mac');
    expect(mac.manifest).toMatchObject({ chain: [{ stage: 'mac' }, { stage: 'l2' }], dimension: 512 });
    expect((await variant('scales=1+0.5')).manifest.preprocess.scales).toEqual([1, 0.5]);
    const projected = await variant('chain=gem:4+projection');
    expect(projected.manifest).toMatchObject({
      chain: [{ stage: 'gem', p: 4 }, { stage: 'projection' }, { stage: 'l2' }],
      dimension: 256,
    });
  });

  it('sets the run weights of a mixed model: all, or that of a stage', async () => {
    const model = await loadModelFolder(FIRST);
    const inputs = { 'runWeight.stem': [1], 'runWeight.1': [1], other: [7] };
    const mixed = { ...model.manifest, inputs };
    const inputsAfter = (axis: string) => {
      const changed = combineVariations([axis])[0]![0]!.apply(mixed);
      return isNetwork(changed) ? changed.inputs : undefined;
    };
    expect(inputsAfter('runWeight=0.5')).toEqual({ 'runWeight.stem': [0.5], 'runWeight.1': [0.5], other: [7] });
    expect(inputsAfter('runWeight.1=0')).toEqual({ 'runWeight.stem': [1], 'runWeight.1': [0], other: [7] });
    await expect(variant('runWeight=0.5')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('refuses what the model cannot do', async () => {
    await expect(variant('chain=max')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(variant('size=7')).rejects.toMatchObject({ code: 'model_invalid' });
    await expect(variant('chain=gem:x')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(variant('chain=mac+projection:b.f32')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(variant('scales=0')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
