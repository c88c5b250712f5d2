import { LikenessError } from '../engine/errors.js';
import {
  loadModelFolder,
  requireNetwork,
  type LoadedManifest,
  type LoadedNetwork,
} from '../engine/model/model-folder.js';
import { ModelRegistry } from '../engine/model/registry.js';
import { userPath } from './cli-paths.js';

/**
 * @param model name of an installed one, or (with a slash) path of a model folder
 * @throws `model_not_found`, `model_invalid`
 */
export async function loadModel(model: string, dataDir: string): Promise<LoadedManifest> {
  if (/[/\\]/.test(model)) return loadModelFolder(userPath(model));
  return new ModelRegistry(dataDir).load(model).catch((error: unknown) => {
    if (!(error instanceof LikenessError) || error.code !== 'model_not_found') throw error;
    throw new LikenessError('model_not_found', `${error.message}; the path of a model folder has a slash (./${model})`);
  });
}

/** As {@link loadModel}, of a network. @throws the same; `invalid_request` if the model is none */
export async function loadNetwork(model: string, dataDir: string): Promise<LoadedNetwork> {
  return requireNetwork(await loadModel(model, dataDir));
}
