import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { installFolder } from './install-folder.js';
import { loadModelFolder, type LoadedManifest } from './model-folder.js';
import { writeModelFolder, type NewFiles } from './new-files.js';

/**
 * Keeps a collection's own copy of a model at copiesDirectory/<fingerprint>, so that no later default or upgrade takes it
 * away. A copy that is there already is verified and used. Copied, not linked: a file that is overwritten in place keeps
 * its inode, and a link would change with it. The manifest is written as it was given, which may differ from its folder's.
 * @param newFiles files that the manifest names and the model's folder lacks.
 * @throws model_invalid if the copy that is there, or the one that was made, does not hash to what its manifest says.
 */
export async function copyModel(
  model: LoadedManifest,
  copiesDirectory: string,
  newFiles: NewFiles = new Map(),
): Promise<LoadedManifest> {
  const directory = join(copiesDirectory, model.fingerprint);
  const present = await loadUnlessMissing(directory);
  if (present !== undefined) return present;
  await installFolder(directory, (staging) => writeModelFolder(model, newFiles, staging));
  return loadModelFolder(directory);
}

/**
 * @returns the copy with that fingerprint, its files verified.
 * @throws model_not_found, model_invalid, or fingerprint_mismatch if this version makes other descriptors with it.
 */
export async function openModelCopy(copiesDirectory: string, fingerprint: string): Promise<LoadedManifest> {
  const model = await loadModelFolder(join(copiesDirectory, fingerprint));
  if (model.fingerprint === fingerprint) return model;
  throw new LikenessError(
    'fingerprint_mismatch',
    `model ${model.manifest.name}: expected fingerprint ${fingerprint}, this version makes ${model.fingerprint} of it`,
    { details: { expected: fingerprint, found: model.fingerprint } },
  );
}

async function loadUnlessMissing(directory: string): Promise<LoadedManifest | undefined> {
  try {
    return await loadModelFolder(directory);
  } catch (error) {
    if (error instanceof LikenessError && error.code === 'model_not_found') return undefined;
    throw error;
  }
}
