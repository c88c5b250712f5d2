import { extractorDimension } from './classical/global/extractor-dimension.js';
import { chainDimension, vectorChainDimension } from './descriptor/chain.js';
import type { ChainStage } from './model/chain-stage.js';
import { isNetwork, type Manifest } from './model/manifest.js';

/** @returns D, the length of the descriptors that a model makes with a chain. @throws model_invalid if it does not fit */
export function descriptorDimension(manifest: Manifest, chain: readonly ChainStage[]): number {
  if (isNetwork(manifest)) return chainDimension(chain, manifest.output.channels);
  return vectorChainDimension(chain, extractorDimension(manifest.extractor));
}
