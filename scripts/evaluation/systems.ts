import { join } from 'node:path';
import type { EvaluatedSystem } from '../../engine/evaluate/evaluation-plan.js';
import type { Extractor } from '../../engine/extractor.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import type { FixedInputs } from '../../engine/model/manifest.js';
import { readManifest } from '../../engine/model/model-folder.js';
import { checkQueryInputs } from '../../engine/model/query-inputs.js';
import { pickDefined } from '../../engine/pick-defined.js';
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
  /** Values of inputs of the network for the queries alone, such as the condition of their domain. */
  queryInputs?: FixedInputs;
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
      const describers = await openDescribers(directory, options, rankings.length > 1);
      for (const { name: ranking, ...rank } of rankings)
        systems.push({
          name: [model.manifest.name, variant, ranking].filter(Boolean).join(' '),
          ...describers,
          ...rank,
        });
    }
  }
  return systems;
}

/** How the model in a folder describes the gallery, and the queries if they bring inputs of their own. */
async function openDescribers(
  directory: string,
  { queryInputs, ...options }: SystemsOptions,
  shared: boolean,
): Promise<Pick<EvaluatedSystem, 'describe' | 'describeQuery'>> {
  const manifest = await readManifest(directory);
  await options.extractor.open(directory);
  const describer = (inputs?: FixedInputs) => {
    const described = {
      ...options,
      directory,
      preprocess: manifest.preprocess,
      ...pickDefined({ inputs }, ['inputs']),
    };
    const describe = pictureDescriber(described);
    return shared ? options.geometry.noting(describeOnce(describe)) : describe;
  };
  if (queryInputs === undefined) return { describe: describer() };
  checkQueryInputs(manifest, queryInputs);
  return { describe: describer(), describeQuery: describer(queryInputs) };
}
