import { copyCollectionModel } from './collection-model.js';
import { changeModel, type ModelChangeReport } from './change-model.js';
import { Describer } from './describer.js';
import type { EpochHolder } from './epoch-holder.js';
import { regionDescriber } from './region-describer.js';
import type { CopyOptions, DescribeForShadow } from './shadow-copy.js';
import { SubjectFinder } from './subject-finder.js';
import { subjectSource } from './subject-sources.js';
import type { CollectionConfig } from '../types.js';
import type { LoadedManifest } from '../model/model-folder.js';

/** model: name of an installed one; chain and scales in place of that model's own. */
export interface ReembedOptions extends CopyOptions, Pick<CollectionConfig, 'model' | 'chain' | 'scales'> {}

/**
 * Describes every image again with another model, see {@link changeModel}; what was learned behind the old one is left.
 * @throws `original_not_available` naming how many images have no readable original, unless they may be dropped
 */
export async function reembed(collection: EpochHolder, options: ReembedOptions): Promise<ModelChangeReport> {
  const model = await copyCollectionModel(collection.services, options);
  const { model: name, chain, scales } = options;
  const { tuning, ...config } = collection.epoch.config;
  return changeModel(collection, {
    ...options,
    model,
    config: { ...config, model: name, chain, scales },
    describe: fromOriginals(collection, model),
  });
}

/** Another model may cut pictures in another way, so nothing but their bytes is taken over. */
export function fromOriginals({ services, originals, epoch }: EpochHolder, model: LoadedManifest): DescribeForShadow {
  const describer = new Describer(model, services.extractor, services.limits);
  const subjects = new SubjectFinder(subjectSource(model, services), services.limits);
  const describeRegions = regionDescriber(epoch.config.regions, model, subjects, services);
  return async (record) => {
    const bytes = await originals.read(record);
    return { ...(await describer.describe(bytes)), regions: await describeRegions(bytes) };
  };
}
