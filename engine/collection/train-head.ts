import { CATEGORY_HEAD, encodeWeights, type CategoryHead, type HeadReport } from '../category/category-head.js';
import { headSettingsSchema, type HeadSettings } from '../category/head-settings.js';
import { trainHead, type TrainingWatch } from '../category/head-trainer.js';
import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { Json } from '../types.js';
import type { Epoch } from './epoch.js';
import type { EpochHolder } from './epoch-holder.js';
import { labelledExamples } from './labelled-examples.js';

export interface TrainHeadOptions extends Partial<HeadSettings>, TrainingWatch {
  /** Metadata field of the labels; default: the collection's categoryField. */
  field?: string | undefined;
}

/**
 * Trains a category head on the labels and descriptors of a collection, and keeps it in place of the one before.
 * @throws `invalid_request` without a field, or as {@link labelledExamples}
 */
export async function trainCategoryHead(
  collection: EpochHolder,
  { field, onProgress, signal, ...settings }: TrainHeadOptions,
): Promise<HeadReport> {
  const { epoch } = collection;
  const release = epoch.hold();
  try {
    const labelField = field ?? epoch.config.categoryField;
    if (labelField === undefined)
      throw new LikenessError('invalid_request', 'expected a field, as the collection has no categoryField, got none');
    const head = await train(epoch, labelField, headSettingsSchema.parse(settings), { onProgress, signal });
    await epoch.learned.write(CATEGORY_HEAD, head as unknown as Json);
    return head.report;
  } finally {
    release();
  }
}

async function train(
  { store, model }: Epoch,
  field: string,
  settings: HeadSettings,
  watch: TrainingWatch,
): Promise<CategoryHead> {
  const { sequence } = await store.info();
  const { dimension } = model.manifest;
  const { images, imagesByLabel, ...examples } = await labelledExamples(store, field, {
    dimension,
    seed: settings.seed,
    signal: watch.signal,
  });
  const count = examples.targets.length;
  const { head, rounds, heldOut, calibration, ...judged } = await trainHead(examples, settings, watch);
  const report: HeadReport = {
    ...{ field, images, examples: count, heldOut, sequence, rounds, settings },
    labels: examples.labels.map((label, k) => ({ label, images: imagesByLabel[k]! })),
    trainedAt: new Date().toISOString(),
    voteWeight: calibration.weight,
    ...pickDefined(judged, ['measured']),
  };
  return { report, calibration, dimension, scale: head.scale, weights: encodeWeights(head.weights) };
}
