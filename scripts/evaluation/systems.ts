import { join } from 'node:path';
import type { EvaluatedSystem } from '../../engine/evaluate/evaluation-plan.js';
import type { Extractor } from '../../engine/extractor.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import { readManifest } from '../../engine/model/model-folder.js';
import { loadModel } from '../load-model.js';
import { combineVariations, namesOf, writeVariant } from './model-variants.js';
import { describeOnce } from './describe-once.js';
import { pictureDescriber } from './picture-describer.js';
import type { PictureGeometry } from './picture-geometry.js';
import { combineRankings, isRankingAxis } from './ranking-variants.js';

export interface SystemsOptions {
  /** Names of installed models, or paths of model folders. */
  models: readonly string[];
  /** Axes of a sweep, see {@link combineVariations}. */
  axes: readonly string[];
  dataDir: string;
  limits: ImageLimits;
  extractor: Extractor;
  geometry: PictureGeometry;
  /** Where changed manifests are written. */
  workFolder: string;
}

/**
 * @returns what is to be measured: each model in each combination of the sweep. Those that only rank in another way share
 * their descriptors.
 * @throws `model_not_found`, `model_invalid`, `invalid_request`
 */
export async function openSystems(options: SystemsOptions): Promise<EvaluatedSystem[]> {
  const combinations = combineVariations(options.axes.filter((axis) => !isRankingAxis(axis)));
  const rankings = combineRankings(options.axes.filter(isRankingAxis), options.geometry);
  const systems: EvaluatedSystem[] = [];
  for (const name of options.models) {
    const model = await loadModel(name, options.dataDir);
    for (const variations of combinations) {
      const variant = variations.length === 0 ? '' : namesOf(variations);
      const folder = join(options.workFolder, String(systems.length));
      const directory = variant === '' ? model.directory : await writeVariant(model, variations, folder);
      const { preprocess } = await readManifest(directory);
      await options.extractor.open(directory);
      const describer = pictureDescriber({ ...options, directory, preprocess });
      const describe = rankings.length === 1 ? describer : options.geometry.noting(describeOnce(describer));
      for (const { name: ranking, ...rank } of rankings)
        systems.push({ name: [model.manifest.name, variant, ranking].filter(Boolean).join(' '), describe, ...rank });
    }
  }
  return systems;
}
