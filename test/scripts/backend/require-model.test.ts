import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    await requireModel(info, 'first', dataDir);
    const standard = await new ModelRegistry(dataDir).load('default');
    await requireModel({ ...info, fingerprint: standard.fingerprint }, 'default', dataDir);
    const other = await new ModelRegistry(dataDir).load('second');
    await expect(requireModel(info, 'second', dataDir)).rejects.toMatchObject({
      code: 'fingerprint_mismatch',
      message:
        `collection shop was made with model first (${fingerprint}), not with second (${other.fingerprint}); ` +
        'to change its model: likeness reembed --collection shop --model second',
    });
    await expect(requireModel(info, 'third', join(dataDir))).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('compares names for a server elsewhere', async () => {
    const info = { name: 'shop', model: 'theirs', fingerprint: 'f' };
    await requireModel(info, 'theirs');
    await expect(requireModel(info, 'first')).rejects.toMatchObject({ code: 'fingerprint_mismatch' });
  });
});
