import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../sha256.js';
import type { ProjectionFacts } from './chain-stage.js';
import { copyFileDurably } from './install-folder.js';
import { modelFiles, writeManifest, type LoadedManifest } from './model-folder.js';

/** Bytes of files that a manifest names and its folder lacks, because they were just made; by name. */
export type NewFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Fills a model's folder durably: its files, from its own folder or new, then the manifest as it was given, which may differ
 * from its folder's.
 */
export async function writeModelFolder(
  { manifest, directory }: Pick<LoadedManifest, 'manifest' | 'directory'>,
  newFiles: NewFiles,
  staging: string,
): Promise<void> {
  for (const { file } of modelFiles(manifest)) {
    const bytes = newFiles.get(file);
    if (bytes === undefined) await copyFileDurably(join(directory, file), join(staging, file));
    else await writeFile(join(staging, file), bytes, { flush: true });
  }
  await writeManifest(staging, manifest);
}

/**
 * @param bytes of a projection file. @returns the facts that a stage names it by, and the file; its name comes of its hash, so
 * that no two projections of one chain share it.
 */
export async function newProjection(
  bytes: Uint8Array,
  { inputs, outputs }: Pick<ProjectionFacts, 'inputs' | 'outputs'>,
): Promise<{ facts: ProjectionFacts; newFiles: NewFiles }> {
  const hash = await sha256(bytes);
  const file = `learned-${hash.slice(0, 16)}.f32`;
  return { facts: { file, sha256: hash, inputs, outputs }, newFiles: new Map([[file, bytes]]) };
}
