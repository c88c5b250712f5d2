import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../engine/model/fingerprint.js';
import { readFloat32File } from '../../../engine/model/float32-file.js';
import { loadModelFolder } from '../../../engine/model/model-folder.js';
import { FIRST_MODEL, firstManifest, temporaryFolder, thrownBy, tinyManifest, tinyModel } from './fixtures.js';

describe('loadModelFolder', () => {
  it('loads the bundled model', async () => {
    const loaded = await loadModelFolder(FIRST_MODEL);
    expect(loaded).toEqual({
      manifest: firstManifest(),
      directory: FIRST_MODEL,
      fingerprint: fingerprint(firstManifest()),
    });
  });
  it('tells a folder without a manifest', async () => {
    const error = await thrownBy(() => loadModelFolder(temporaryFolder()));
    expect(error.code).toBe('model_not_found');
  });
  it('refuses a network that is not the one of the manifest', async () => {
    const folder = tinyModel();
    writeFileSync(join(folder, 'model.onnx'), 'other bytes');
    const error = await thrownBy(() => loadModelFolder(folder));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toMatch(/model\.onnx in .*: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}/);
  });
  it('refuses a projection that is not the one of the manifest', async () => {
    const projection = { stage: 'projection', file: 'p.f32', sha256: '0'.repeat(64), inputs: 3, outputs: 3 } as const;
    const folder = tinyModel(undefined, { chain: [{ stage: 'spoc' }, projection, { stage: 'l2' }] });
    writeFileSync(join(folder, 'p.f32'), new Uint8Array(48));
    expect((await thrownBy(() => loadModelFolder(folder))).message).toContain('p.f32');
  });
  it('tells a file that is missing', async () => {
    const folder = tinyModel();
    rmSync(join(folder, 'model.onnx'));
    const error = await thrownBy(() => loadModelFolder(folder));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('expected model.onnx in');
  });
  it.each([
    ['that is no JSON', '{', 'expected JSON'],
    ['with a wrong field', JSON.stringify({ ...tinyManifest(), dimension: 'three' }), 'dimension'],
    ['with a field that it does not know', JSON.stringify({ ...tinyManifest(), size: 3 }), 'size'],
    ['that points outside its folder', JSON.stringify({ ...tinyManifest(), file: '../model.onnx' }), 'plain file name'],
  ])('refuses a manifest %s', async (_name, manifest, reason) => {
    const folder = tinyModel();
    writeFileSync(join(folder, 'manifest.json'), manifest);
    const error = await thrownBy(() => loadModelFolder(folder));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain(reason);
  });
});

describe('readFloat32File', () => {
  it('reads little-endian values', async () => {
    const path = join(temporaryFolder(), 'values.f32');
    writeFileSync(path, Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0));
    expect([...(await readFloat32File(path))]).toEqual([1, -2.5]);
  });
  it('refuses a file that was cut', async () => {
    const path = join(temporaryFolder(), 'values.f32');
    writeFileSync(path, new Uint8Array(7));
    const error = await thrownBy(() => readFloat32File(path));
    expect(error.code).toBe('model_invalid');
    expect(error.message).toContain('expected float32 values, got 7 bytes');
  });
});
