import { customModel } from '../custom-model.js';
import type { LoadedManifest } from '../model/model-folder.js';
import { copyModel } from '../model/model-copies.js';
import type { CollectionConfig } from '../types.js';
import { modelCopiesFolder } from './paths.js';
import type { CollectionServices } from './services.js';

/**
 * Gives a collection its own copy of the model that its config names, with the config's chain and scales in the copy's
 * manifest, so that the fingerprint tells of them.
 * @throws `model_not_found`, `model_invalid`, `invalid_request` if the chain does not fit the model
 */
export async function copyCollectionModel(
  { models, config }: Pick<CollectionServices, 'models' | 'config'>,
  { model, chain, scales }: Pick<CollectionConfig, 'model' | 'chain' | 'scales'>,
): Promise<LoadedManifest> {
  const custom = customModel(await models.load(model), { chain, scales });
  return copyModel(custom, modelCopiesFolder(config.dataDir));
}
