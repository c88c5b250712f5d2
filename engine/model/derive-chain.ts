import type { TryModel } from './add-model.js';
import { checkFree, checkName } from './derive-model.js';
import { installFolder } from './install-folder.js';
import type { Manifest } from './manifest.js';
import { loadModelFolder, checkManifest, type LoadedManifest } from './model-folder.js';
import { writeModelFolder, type NewFiles } from './new-files.js';

export interface ChainDerivation {
  parent: LoadedManifest;
  name: string;
  description: string;
  chain: Manifest['chain'];
  dimension: number;
  /** Files of the chain that the parent's folder lacks. */
  newFiles: NewFiles;
  /** Folder of the new model; must not be there yet. */
  directory: string;
  /** Describes a picture with the model in a folder, as engine/try-model.ts does. */
  tryModel: TryModel;
}

/**
 * Makes a model folder of another one: the same network and preprocessing, another chain. It is tried before it takes its
 * name; if anything fails, nothing is written.
 * @throws invalid_request for a wrong name or a folder that is there; model_invalid if the chain does not fit.
 */
export async function deriveChain(derivation: ChainDerivation): Promise<LoadedManifest> {
  const { parent, name, description, chain, dimension, newFiles, directory } = derivation;
  checkName(name);
  await checkFree(directory);
  const manifest = checkManifest({ ...parent.manifest, name, description, chain, dimension }, name);
  await installFolder(directory, async (staging) => {
    await writeModelFolder({ manifest, directory: parent.directory }, newFiles, staging);
    await loadModelFolder(staging);
    await derivation.tryModel(staging);
  });
  return loadModelFolder(directory);
}
