import type { CollectionInfo } from '../../engine/collection/collection.js';
import { LikenessError } from '../../engine/errors.js';
import { ModelRegistry } from '../../engine/model/registry.js';

/**
 * Makes sure that a collection has the model that the user named.
 * @param dataDir whose models the name is looked up in; without it (a server elsewhere) the names are compared
 * @throws `fingerprint_mismatch` naming both models and the command that changes a collection's, `model_not_found`
 */
export async function requireModel(
  info: Pick<CollectionInfo, 'name' | 'model' | 'fingerprint'>,
  wanted: string,
  dataDir?: string,
): Promise<void> {
  const { manifest, fingerprint } = await identify(wanted, dataDir);
  const isSame = fingerprint === undefined ? manifest.name === info.model : fingerprint === info.fingerprint;
  if (isSame) return;
  throw new LikenessError(
    'fingerprint_mismatch',
    `collection ${info.name} was made with model ${info.model} (${info.fingerprint}), not with ${manifest.name}` +
      `${fingerprint === undefined ? '' : ` (${fingerprint})`}; ` +
      `to change its model: likeness reembed --collection ${info.name} --model ${wanted}`,
  );
}

async function identify(
  wanted: string,
  dataDir: string | undefined,
): Promise<{ manifest: { name: string }; fingerprint?: string }> {
  if (dataDir === undefined) return { manifest: { name: wanted } };
  return new ModelRegistry(dataDir).load(wanted);
}
