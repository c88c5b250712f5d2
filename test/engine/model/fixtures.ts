import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LikenessError } from '../../../engine/errors.js';
import { networkManifestSchema, type NetworkManifest } from '../../../engine/model/manifest.js';
import { packageRoot } from '../../../engine/package-root.js';
import { tinyOnnx } from './tiny-onnx.js';

export const FIRST_MODEL = join(packageRoot(), 'models', 'first');

/** features = input: the map is the picture itself. */
export const IDENTITY = tinyOnnx({ op: 'Identity' });

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-model-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The manifest of a tiny model with three channels at stride 1: value = pixel / 255, spoc, l2. */
export function tinyManifest(onnx: Uint8Array = IDENTITY, change: Partial<NetworkManifest> = {}): NetworkManifest {
  return networkManifestSchema.parse({
    format: 1,
    name: 'tiny',
    licence: 'none',
    file: 'model.onnx',
    sha256: sha256(onnx),
    input: { name: 'input', mean: [0, 0, 0], std: [1, 1, 1] },
    preprocess: { policy: 'center-crop', size: 32 },
    output: { name: 'features', channels: 3, stride: 1 },
    normalization: { kind: 'none' },
    chain: [{ stage: 'spoc' }, { stage: 'l2' }],
    dimension: 3,
    ...change,
  });
}

/** Writes a model's folder. @returns the folder. */
export function tinyModel(
  onnx: Uint8Array = IDENTITY,
  change: Partial<NetworkManifest> = {},
  folder = temporaryFolder(),
): string {
  writeFileSync(join(folder, 'model.onnx'), onnx);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(tinyManifest(onnx, change)));
  return folder;
}

export function firstManifest(): NetworkManifest {
  return networkManifestSchema.parse(JSON.parse(readFileSync(join(FIRST_MODEL, 'manifest.json'), 'utf8')));
}

/** @returns the LikenessError that the action throws or rejects with. */
export async function thrownBy(action: () => unknown): Promise<LikenessError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof LikenessError) return error;
    throw error;
  }
  throw new Error('expected an error, got none');
}
