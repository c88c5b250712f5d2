import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deriveModel } from '../../../engine/model/derive-model.js';
import { loadNetworkFolder } from '../../../engine/model/model-folder.js';
import { applyPasses } from '../../../engine/model/passes/apply-passes.js';
import { tryModel } from '../../../engine/try-model.js';
import { openTestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';
import { FIRST_MODEL, thrownBy } from '../model/fixtures.js';

describe('a search that brings inputs of the model', () => {
  it('describes its picture with them, and the collection stays as it is', { timeout: 60_000 }, async () => {
    const test = await openTestEngine();
    onTestFinished(() => test.close());
    await deriveModel({
      parent: await loadNetworkFolder(FIRST_MODEL),
      rewrite: (network) => ({ ...applyPasses(network, [{ pass: 'mix' }]), inputs: { runWeight: [1] } }),
      name: 'mixed',
      directory: join(test.dataDir, 'models', 'mixed'),
      tryModel,
    });
    const collection = await test.engine.create('mixed', { model: 'mixed' });
    const bytes = await drawPicture(1);
    await collection.put({ id: 'a', bytes });
    const score = async (inputs?: Record<string, number[]>) => {
      const query = { kind: 'image' as const, bytes, ...(inputs === undefined ? {} : { inputs }) };
      return (await collection.search({ queries: [query], k: 1 })).hits[0]!.score;
    };
    expect(await score()).toBeCloseTo(1, 5);
    expect(await score({ runWeight: [1] })).toBeCloseTo(1, 5);
    expect(await score({ runWeight: [0.5] })).toBeLessThan(0.999);
    expect(await score()).toBeCloseTo(1, 5);
    const error = await thrownBy(() => score({ runWeight: [2] }));
    expect([error.code, error.message]).toEqual([
      'invalid_request',
      'inputs.runWeight: expected numbers from 0 to 1, got 2',
    ]);
    const manifest = JSON.parse(await readFile(join(test.dataDir, 'models', 'mixed', 'manifest.json'), 'utf8')) as {
      inputs: unknown;
    };
    expect(manifest.inputs).toEqual({ runWeight: [1] });
  });
});
