import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { indexConfigSchema, type IndexConfig } from '../../../engine/types.js';
import type { NodeChanges } from '../../../engine/vector-index/vector-index.js';

/** @returns the default config with the given changes. */
export function indexConfig(changes: Partial<IndexConfig> = {}): IndexConfig {
  return { ...indexConfigSchema.parse({}), ...changes };
}

/** @returns a folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-index-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @returns vector / |vector|. */
export function unit(...numbers: number[]): Float32Array {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => number / length);
}

/** Unit vectors that differ from one another, by node; the same node always gives the same one. */
export function vectorOf(node: number, dimension: number): Float32Array {
  return unit(...Array.from({ length: dimension }, (_, i) => Math.sin((node + 1) * (i + 1.37) * 12.9898)));
}

/** @returns changes that put nodes (with {@link vectorOf}, or the given vectors) and then delete others. */
export function changes(
  sequence: number,
  put: number[] | Map<number, Float32Array>,
  deleted: number[] = [],
  dimension = 4,
): NodeChanges {
  const vectors = put instanceof Map ? put : new Map(put.map((node) => [node, vectorOf(node, dimension)]));
  return {
    sequence,
    putNodes: Uint32Array.from(vectors.keys()),
    putVectors: Float32Array.from([...vectors.values()].flatMap((vector) => [...vector])),
    deletedNodes: Uint32Array.from(deleted),
  };
}

/** @returns whole numbers from start to end - 1. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
