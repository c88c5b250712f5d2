import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImageRegion, ImageWrite, StoreCreation } from '../../../engine/store/store.js';

export const DIMENSION = 4;

export const creation: StoreCreation = {
  name: 'samples',
  fingerprint: 'fingerprint-1',
  dimension: DIMENSION,
  config: { model: 'default' },
};

/** @returns a folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @returns a unit vector of its own for each seed. */
export function unitVector(seed: number, dimension = DIMENSION): Float32Array {
  const raw = Float64Array.from({ length: dimension }, (_, i) => Math.sin((seed + 1) * (i + 1) * 1.37 + i));
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
}

/** @returns a region for each picture number that it shows, side by side. */
export function imageRegions(...pictures: number[]): ImageRegion[] {
  return pictures.map((picture, i) => ({
    box: { x: 10 * i, y: 5, width: 10, height: 20 },
    descriptor: unitVector(picture),
  }));
}

/** @returns a write of image `id` showing picture number `picture`: same picture, same hash and descriptor. */
export function imageWrite(id: string, picture: number, changes: Partial<ImageWrite> = {}): ImageWrite {
  return {
    id,
    contentHash: picture.toString(16).padStart(64, '0'),
    width: 400 + picture,
    height: 300,
    format: 'jpeg',
    bytes: 1000 + picture,
    metadata: { brand: `brand-${picture % 3}`, price: picture },
    source: { kind: 'upload' },
    descriptor: unitVector(picture),
    ...changes,
  };
}
