import { descriptorDimension } from './descriptor-dimension.js';
import { projectionBytes, type LinearMap } from './learning/linear-map.js';
import type { ChainStage } from './model/chain-stage.js';
import { fingerprint } from './model/fingerprint.js';
import type { Manifest } from './model/manifest.js';
import { checkManifest, type LoadedManifest } from './model/model-folder.js';
import { newProjection, type NewFiles } from './model/new-files.js';

/** A model whose manifest names files that its folder lacks. */
export interface UnsavedModel {
  model: LoadedManifest;
  newFiles: NewFiles;
  /** What was put behind the chain. */
  stages: ChainStage[];
}

/** @returns the model with a projection and l2 behind its chain; nothing is written. @throws model_invalid if it does not fit */
export async function projectedModel(model: LoadedManifest, map: LinearMap): Promise<UnsavedModel> {
  const { facts, newFiles } = await newProjection(projectionBytes(map), map);
  const stages: ChainStage[] = [{ stage: 'projection', ...facts }, { stage: 'l2' }];
  const manifest = withChain(model.manifest, [...model.manifest.chain, ...stages]);
  return { model: { ...model, manifest, fingerprint: fingerprint(manifest) }, newFiles, stages };
}

/** @returns the manifest with another chain, and the dimension that it gives. @throws model_invalid if it does not fit */
export function withChain(manifest: Manifest, chain: ChainStage[]): Manifest {
  const dimension = descriptorDimension(manifest, chain);
  return checkManifest({ ...manifest, chain, dimension }, manifest.name);
}

/**
 * @param fingerprint of descriptors that were made by the beginning of the model's chain, before a projection was learned.
 * @returns the stages that turn them into the model's own; undefined if they are not of this model, or if its several scales
 * were merged in between.
 */
export function stagesSince({ manifest }: LoadedManifest, wanted: string): ChainStage[] | undefined {
  const { chain, preprocess } = manifest;
  for (let length = chain.length; length >= 2; length--) {
    if (chain[length - 1]?.stage !== 'l2') continue;
    if (fingerprint(withChain(manifest, chain.slice(0, length))) === wanted) return chain.slice(length);
    if (preprocess.scales !== undefined) return undefined;
  }
  return undefined;
}
