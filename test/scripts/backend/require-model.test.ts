import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { customModel } from '../../../engine/custom-model.js';
import { ModelRegistry } from '../../../engine/model/registry.js';
import { requireModel } from '../../../scripts/backend/require-model.js';
import { addSecondModel } from '../../support/engine.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('requireModel', () => {
  it('compares fingerprints where the models can be seen', async () => {
    const dataDir = await tempFolder();
    await addSecondModel(dataDir);
    const { fingerprint } = await new ModelRegistry(dataDir).load('first');
    const info = { name: 'shop', model: 'first', fingerprint };
    await requireModel(info, { model: 'first' }, dataDir);
    const standard = await new ModelRegistry(dataDir).load('default');
    await requireModel({ ...info, fingerprint: standard.fingerprint }, { model: 'default' }, dataDir);
    const other = await new ModelRegistry(dataDir).load('second');
    await expect(requireModel(info, { model: 'second' }, dataDir)).rejects.toMatchObject({
      code: 'fingerprint_mismatch',
      message:
        `collection shop was made with model first (${fingerprint}), not with second (${other.fingerprint}); ` +
        'to change its model: likeness reembed --collection shop --model second',
    });
    await expect(requireModel(info, { model: 'third' }, join(dataDir))).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });

  it('knows the chain that a collection was made with', async () => {
    const dataDir = await tempFolder();
    const own = await new ModelRegistry(dataDir).load('first');
    const chain = [{ stage: 'mac' as const }];
    const info = { name: 'shop', model: 'first', fingerprint: customModel(own, { chain }).fingerprint, chain };
    await requireModel(info, { model: 'first' }, dataDir);
    await requireModel(info, { chain }, dataDir);
    const other = { chain: [{ stage: 'crow' as const }] };
    await expect(requireModel(info, other, dataDir)).rejects.toMatchObject({ code: 'fingerprint_mismatch' });
    await requireModel(info, { chain });
    await expect(requireModel(info, other)).rejects.toMatchObject({ code: 'fingerprint_mismatch' });
  });

  it('compares names for a server elsewhere', async () => {
    const info = { name: 'shop', model: 'theirs', fingerprint: 'f' };
    await requireModel(info, { model: 'theirs' });
    await expect(requireModel(info, { model: 'first' })).rejects.toMatchObject({ code: 'fingerprint_mismatch' });
  });
});
