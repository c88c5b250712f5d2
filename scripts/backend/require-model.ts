import type { CollectionInfo } from '../../engine/collection/collection.js';
import { customModel } from '../../engine/custom-model.js';
import { LikenessError } from '../../engine/errors.js';
import type { DescriptorRequest } from '../../engine/model/descriptor-request.js';
import { canonicalJson } from '../../engine/model/fingerprint.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { CollectionConfig } from '../../engine/types.js';

/** What the user named; what is absent is as the collection has it. */
export type WantedModel = Partial<Pick<CollectionConfig, 'model' | 'chain' | 'scales'>>;
type KnownModel = Pick<CollectionInfo, 'name' | 'model' | 'fingerprint' | 'chain' | 'scales'>;

/**
 * Makes sure that a collection has the model, chain and scales that the user named.
 * @param dataDir whose models the name is looked up in; without it (a server elsewhere) the names are compared
 * @throws `fingerprint_mismatch` naming both models and the command that changes a collection's, `model_not_found`
 */
export async function requireModel(info: KnownModel, wanted: WantedModel, dataDir?: string): Promise<void> {
  const model = wanted.model ?? info.model;
  const descriptor = { chain: wanted.chain ?? info.chain, scales: wanted.scales ?? info.scales };
  const found = dataDir === undefined ? undefined : await identify(model, descriptor, dataDir);
  const isSame = found === undefined ? isSameByName(info, model, descriptor) : found.fingerprint === info.fingerprint;
  if (isSame) return;
  const isOther = wanted.chain !== undefined || wanted.scales !== undefined;
  throw new LikenessError(
    'fingerprint_mismatch',
    `collection ${info.name} was made with model ${info.model} (${info.fingerprint}), not with ${found?.name ?? model}` +
      `${found === undefined ? '' : ` (${found.fingerprint})`}${isOther ? ' and this chain' : ''}; ` +
      `to change its model: likeness reembed --collection ${info.name} --model ${model}` +
      (isOther ? ' with the same --chain and --scales' : ''),
  );
}

async function identify(
  model: string,
  descriptor: DescriptorRequest,
  dataDir: string,
): Promise<{ name: string; fingerprint: string }> {
  const { manifest, fingerprint } = customModel(await new ModelRegistry(dataDir).load(model), descriptor);
  return { name: manifest.name, fingerprint };
}

function isSameByName(info: KnownModel, model: string, { chain, scales }: DescriptorRequest): boolean {
  const own = { model: info.model, chain: info.chain, scales: info.scales };
  return canonicalJson({ model, chain, scales }) === canonicalJson(own);
}
