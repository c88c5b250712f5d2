import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LikenessError } from '../../../engine/errors.js';
import { copyModel } from '../../../engine/model/model-copies.js';
import type { LoadedManifest } from '../../../engine/model/model-folder.js';
import { DEFAULT_MODEL, ModelRegistry } from '../../../engine/model/registry.js';
import { tryModel } from '../../../engine/try-model.js';
import { FIRST_MODEL, IDENTITY, sha256, temporaryFolder, thrownBy, tinyManifest, tinyModel } from './fixtures.js';

const accept = () => Promise.resolve();
const noBundled = () => new ModelRegistry(temporaryFolder(), join(temporaryFolder(), 'absent'));

async function copyTiny(registry: ModelRegistry, copies: string): Promise<LoadedManifest> {
  return copyModel(await registry.load('tiny'), copies);
}

/** A draft on the disk, with the files that go with it. @returns onnx and manifest paths. */
function draft(change: Record<string, unknown> = {}, files: Record<string, Uint8Array> = {}): [string, string] {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'exported.onnx'), IDENTITY);
  writeFileSync(
    join(folder, 'draft.json'),
    JSON.stringify({ ...tinyManifest(), sha256: undefined, file: undefined, ...change }),
  );
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return [join(folder, 'exported.onnx'), join(folder, 'draft.json')];
}

describe('ModelRegistry', () => {
  it('has the bundled models, the default one under its name and as default', async () => {
    const registry = new ModelRegistry(temporaryFolder());
    expect(await registry.load('default')).toEqual(await registry.load(DEFAULT_MODEL));
    const loaded = await registry.load('first');
    expect(loaded.directory).toBe(FIRST_MODEL);
    expect(await registry.list()).toContainEqual({
      name: 'first',
      directory: FIRST_MODEL,
      bundled: true,
      manifest: loaded.manifest,
    });
  });

  it('names what is installed when asked for something else', async () => {
    const error = await thrownBy(() => new ModelRegistry(temporaryFolder()).load('resnet'));
    expect(error.code).toBe('model_not_found');
    expect(error.message).toMatch(/expected an installed model \(.*first.*\), got resnet/);
  });

  it('lists a broken model with its problem', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(dataDir, 'models', 'broken'), { recursive: true });
    writeFileSync(join(dataDir, 'models', 'broken', 'manifest.json'), '{');
    const [model] = await new ModelRegistry(dataDir, 'absent').list();
    expect(model).toMatchObject({ name: 'broken', bundled: false });
    expect(model?.manifest).toBeUndefined();
    expect(model?.problem).toContain('expected JSON');
  });
});

describe('ModelRegistry.add', () => {
  it('fills in hashes, tries the model in a thread and keeps all of its files', async () => {
    const registry = noBundled();
    const weights = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0);
    const projection = { stage: 'projection', file: 'p.f32', inputs: 3, outputs: 2 };
    const chain = [{ stage: 'spoc' }, projection, { stage: 'l2' }];
    const bytes = new Uint8Array(weights.buffer);
    const added = await registry.add(...draft({ chain, dimension: 2 }, { 'p.f32': bytes }), tryModel);
    expect(added.manifest).toEqual({
      ...tinyManifest(),
      chain: [chain[0], { ...projection, sha256: sha256(bytes) }, chain[2]],
      dimension: 2,
    });
    expect(readdirSync(added.directory).sort()).toEqual(['manifest.json', 'model.onnx', 'p.f32']);
    expect(await registry.load('tiny')).toEqual(added);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['whose hash is not that of the file', { sha256: '0'.repeat(64) }, 'expected SHA-256 000'],
    ['whose projection is missing', { chain: [{ stage: 'spoc' }, { stage: 'projection', file: 'p.f32' }] }, 'p.f32'],
    ['without a licence', { licence: undefined }, 'licence'],
    ['without a chain', { chain: undefined }, 'chain'],
  ])('refuses a manifest %s', async (_name, change, reason) => {
    const registry = noBundled();
    const error = await thrownBy(() => registry.add(...draft(change), accept));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain(reason);
    expect(await registry.list()).toEqual([]);
  });

  it('refuses a network that does not do what the manifest says, and leaves nothing behind', async () => {
    const dataDir = temporaryFolder();
    const registry = new ModelRegistry(dataDir, 'absent');
    const output = { name: 'features', channels: 512, stride: 32 };
    const error = await thrownBy(() => registry.add(...draft({ output, dimension: 512 }), tryModel));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('expected output features to be [n,512,h,w], found [n,3,h,w]');
    expect(readdirSync(join(dataDir, 'models'))).toEqual([]);
  });

  it('refuses a dimension that the chain does not give', async () => {
    const error = await thrownBy(() => noBundled().add(...draft({ dimension: 4 }), tryModel));
    expect(error.message).toContain('expected dimension 3 of its chain, got 4');
  });

  it('refuses a name that is taken', async () => {
    const registry = noBundled();
    await registry.add(...draft(), accept);
    for (const name of ['tiny', 'default']) {
      const error = await thrownBy(() => registry.add(...draft({ name }), accept));
      expect(error.code).toBe('invalid_request');
      expect(error.message).toContain(`expected a name that is free, got ${name}`);
    }
  });

  it('passes on what the try throws', async () => {
    const registry = noBundled();
    const refuse = () => Promise.reject(new LikenessError('model_invalid', 'tried in vain'));
    expect((await thrownBy(() => registry.add(...draft(), refuse))).message).toBe('tried in vain');
    expect(await registry.list()).toEqual([]);
  });
});

describe('ModelRegistry.remove', () => {
  it('removes a model of the user', async () => {
    const registry = noBundled();
    await registry.add(...draft(), accept);
    await registry.remove('tiny');
    expect(await registry.list()).toEqual([]);
    expect((await thrownBy(() => registry.remove('tiny'))).code).toBe('model_not_found');
  });
  it('keeps a bundled one', async () => {
    const registry = new ModelRegistry(temporaryFolder());
    expect((await thrownBy(() => registry.remove('default'))).code).toBe('forbidden');
    expect((await registry.load('first')).directory).toBe(FIRST_MODEL);
  });
});

describe('copyModel', () => {
  it('keeps a copy by fingerprint that outlives the model', async () => {
    const registry = noBundled();
    const copies = join(temporaryFolder(), 'model-copies');
    const added = await registry.add(...draft(), accept);
    const copy = await copyTiny(registry, copies);
    expect(copy).toEqual({ ...added, directory: join(copies, added.fingerprint) });
    writeFileSync(join(added.directory, 'model.onnx'), 'overwritten in place');
    await registry.remove('tiny');
    expect(await registry.openCopy(copies, added.fingerprint)).toEqual(copy);
    expect(readFileSync(join(copy.directory, 'model.onnx'))).toEqual(Buffer.from(IDENTITY));
  });

  it('copies once', async () => {
    const registry = noBundled();
    const copies = temporaryFolder();
    await registry.add(...draft(), accept);
    const all = await Promise.all([copyTiny(registry, copies), copyTiny(registry, copies)]);
    expect(all[0]).toEqual(all[1]);
    expect(readdirSync(copies)).toEqual([all[0].fingerprint]);
  });

  it('refuses a copy that was damaged, that is absent, or that another version made', async () => {
    const copies = temporaryFolder();
    const registry = noBundled();
    await registry.add(...draft(), accept);
    const copy = await copyTiny(registry, copies);
    writeFileSync(join(copy.directory, 'model.onnx'), 'bit rot');
    expect((await thrownBy(() => registry.openCopy(copies, copy.fingerprint))).code).toBe('model_invalid');
    expect((await thrownBy(() => copyTiny(registry, copies))).code).toBe('model_invalid');
    expect((await thrownBy(() => registry.openCopy(copies, 'absent'))).code).toBe('model_not_found');

    const other = 'f'.repeat(32);
    mkdirSync(join(copies, other));
    tinyModel(IDENTITY, {}, join(copies, other));
    const error = await thrownBy(() => registry.openCopy(copies, other));
    expect(error.code).toBe('fingerprint_mismatch');
    expect(error.message).toContain(`expected fingerprint ${other}, this version makes ${copy.fingerprint} of it`);
  });
});
