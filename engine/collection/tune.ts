import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { intervalSchema } from '../evaluate/bootstrap.js';
import type { Measured } from '../learn.js';
import { candidatesFor } from '../learning/candidates.js';
import { refuseTooLong } from '../learning/covariance-limit.js';
import type { Candidate } from '../learning/learning-method.js';
import { LearnerThread } from '../learner-thread.js';
import { copyModel } from '../model/model-copies.js';
import type { LoadedManifest } from '../model/model-folder.js';
import { pickDefined } from '../pick-defined.js';
import { projectedModel, stagesSince } from '../projected-model.js';
import type { ImageRegion } from '../store/store.js';
import { tuningSchema, type Json, type Tuning } from '../types.js';
import { changeModel, type ModelChangeReport } from './change-model.js';
import type { EpochHolder } from './epoch-holder.js';
import { modelCopiesFolder } from './paths.js';
import type { QueryKeeper } from './query-keeper.js';
import { fromOriginals } from './reembed.js';
import type { CopyOptions, DescribeForShadow } from './shadow-copy.js';
import { feedbackExamples, labelledExamples, stagesWithValues, type TuneExamples } from './tune-examples.js';
import type { TuneRequest } from './tune-request.js';

/** What tune needs of a collection. */
export interface TunedCollection extends EpochHolder {
  readonly queries: QueryKeeper;
}

export type TuneOptions = TuneRequest & Omit<CopyOptions, 'dropUnavailable'>;

const measuredSchema = z.strictObject({
  /** Such as `lda p=0.5 D=256`; `none` is the chain as it is. */
  name: z.string(),
  dimension: z.number(),
  map: intervalSchema,
  gain: intervalSchema,
});

const estimateSchema = z.strictObject({
  counts: z.strictObject({
    images: z.number(),
    classes: z.number().optional(),
    answers: z.number().optional(),
    pairs: z.number().optional(),
  }),
  folds: z.number(),
  queries: z.number(),
  candidates: z.array(measuredSchema),
  /** The best of those whose gain is above 0 with 95 % confidence. */
  winner: z.string().optional(),
});
/** What was measured, by cross-validation. */
export type TuneEstimate = z.infer<typeof estimateSchema>;

export interface TuneReport extends ModelChangeReport {
  /** An earlier run had learned it, and was interrupted. */
  resumed: boolean;
  /** Absent for a revert. */
  estimate?: TuneEstimate;
}

/** What was learned and is being put behind the chain, so that an interrupted run goes on with it. */
const pendingSchema = z.strictObject({
  request: z.string(),
  fingerprint: z.string(),
  tuning: tuningSchema,
  estimate: estimateSchema,
});
type Pending = z.infer<typeof pendingSchema>;
/** Its name among the files of the epoch, with which it goes. */
const PENDING = 'tuning';

/**
 * Learns a linear projection from the descriptors of a collection, and puts it behind its chain if held-out queries gain by
 * it; stored descriptors go through it without their pictures being read, see {@link changeModel}. If nothing gains, nothing
 * is written.
 * @throws `too_few_examples`, `descriptor_too_long`; `invalid_request` if there is nothing to revert
 */
export function tune(collection: TunedCollection, options: TuneOptions): Promise<TuneReport> {
  if (options.revert) return revert(collection, options);
  return LearnerThread.with(options.signal, async (learner) => {
    const known = await pendingOf(collection, options);
    if (known !== undefined) return finish(collection, learner, known, { ...options, resumed: true });
    const learned = await learn(collection, learner, options);
    if ('pending' in learned) return finish(collection, learner, learned.pending, { ...options, resumed: false });
    const { fingerprint } = collection.epoch.model;
    const { images } = await collection.epoch.store.info();
    return { from: fingerprint, to: fingerprint, images, dropped: [], resumed: false, estimate: learned.estimate };
  });
}

/** Describes every image again with the chain as it was before anything was learned; needs their originals. */
async function revert(collection: TunedCollection, options: TuneOptions): Promise<TuneReport> {
  const { services, epoch } = collection;
  const { tuning, ...config } = epoch.config;
  if (tuning === undefined)
    throw new LikenessError('invalid_request', `revert: nothing was learned behind the chain of ${collection.name}`);
  const model = await services.models.openCopy(modelCopiesFolder(services.config.dataDir), tuning.base);
  const change = { ...pickDefined(options, ['onProgress', 'signal']), model, config };
  const report = await changeModel(collection, { ...change, describe: fromOriginals(collection, model) });
  return { ...report, resumed: false };
}

/** Measures every candidate; if one gains and it is no dry run, learns it from everything and keeps it as pending. */
async function learn(
  collection: TunedCollection,
  learner: LearnerThread,
  options: TuneOptions,
): Promise<{ pending: Pending } | { estimate: TuneEstimate }> {
  const { epoch } = collection;
  refuseTooLong(epoch.model.manifest.dimension, 'descriptors');
  const examples = await readExamples(collection, learner, options);
  await learner.load(examples.data);
  const candidates = candidatesFor(options.from === 'labels' ? 'labels' : 'pairs', epoch.model.manifest.dimension);
  const measured = await measureAll(learner, candidates, options);
  const best = bestOf(measured);
  const estimate = inWords(examples, measured, best);
  if (best === undefined || options.dryRun) return { estimate };
  const { model, newFiles } = await projectedModel(epoch.model, await learner.learn(best.candidate));
  await copyModel(model, modelCopiesFolder(collection.services.config.dataDir), newFiles);
  const tuning: Tuning = {
    from: options.from,
    ...pickDefined(options, ['label']),
    candidate: nameOf(best.candidate),
    base: epoch.config.tuning?.base ?? epoch.model.fingerprint,
    before: best.map.mean - best.gain.mean,
    after: best.map.mean,
    learnedAt: new Date().toISOString(),
  };
  const pending = { request: requestKey(options), fingerprint: model.fingerprint, tuning, estimate };
  await epoch.learned.write(PENDING, pending as Json);
  return { pending };
}

function readExamples(
  { epoch, queries }: TunedCollection,
  learner: LearnerThread,
  options: TuneOptions,
): Promise<TuneExamples> {
  return options.from === 'labels'
    ? labelledExamples(epoch, options)
    : feedbackExamples(epoch, queries, learner, options);
}

type MeasuredRun = Measured & { candidate: Candidate | undefined };

async function measureAll(
  learner: LearnerThread,
  candidates: readonly Candidate[],
  { onProgress }: TuneOptions,
): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (const candidate of [undefined, ...candidates]) {
    runs.push({ ...(await learner.measure(candidate)), candidate });
    onProgress?.(runs.length, candidates.length + 1);
  }
  return runs;
}

function bestOf(runs: readonly MeasuredRun[]): (Measured & { candidate: Candidate }) | undefined {
  let best: (Measured & { candidate: Candidate }) | undefined;
  for (const { candidate, ...measured } of runs) {
    if (candidate === undefined || measured.gain.low <= 0) continue;
    if (best === undefined || measured.map.mean > best.map.mean) best = { ...measured, candidate };
  }
  return best;
}

function inWords({ data, counts }: TuneExamples, runs: readonly MeasuredRun[], best?: MeasuredRun): TuneEstimate {
  const candidates = runs.map(({ candidate, map, gain }) => ({
    name: nameOf(candidate),
    dimension: candidate?.dimension ?? data.rows.dimension,
    ...{ map, gain },
  }));
  const winner = best === undefined ? {} : { winner: nameOf(best.candidate) };
  return { counts, folds: data.folds, queries: runs[0]?.queries ?? 0, candidates, ...winner };
}

function nameOf(candidate: Candidate | undefined): string {
  if (candidate === undefined) return 'none';
  return `${candidate.method} p=${candidate.power} D=${candidate.dimension}`;
}

/** Puts what was learned behind the chain: every stored descriptor goes through it. */
async function finish(
  collection: TunedCollection,
  learner: LearnerThread,
  { fingerprint, tuning, estimate }: Pending,
  { resumed, onProgress, signal }: Pick<TuneOptions, 'onProgress' | 'signal'> & { resumed: boolean },
): Promise<TuneReport> {
  const { services, epoch } = collection;
  const model = await services.models.openCopy(modelCopiesFolder(services.config.dataDir), fingerprint);
  const report = await changeModel(collection, {
    ...pickDefined({ onProgress, signal }, ['onProgress', 'signal']),
    model,
    config: { ...epoch.config, tuning },
    describe: await describeThrough(collection, learner, model),
  });
  return { ...report, resumed, estimate };
}

/**
 * The stored descriptor through the new stages, where that is what the new chain gives. Of a model with several scales it is
 * not, since each scale goes through the chain before they are merged: there, pictures are read again.
 */
async function describeThrough(
  collection: TunedCollection,
  learner: LearnerThread,
  model: LoadedManifest,
): Promise<DescribeForShadow> {
  const stages = stagesSince(model, collection.epoch.model.fingerprint);
  if (stages === undefined) return fromOriginals(collection, model);
  await learner.useStages(await stagesWithValues(model, stages));
  return async ({ id, contentHash }) => {
    // by the bytes, not by the id: the image may be another one by now, which the next round of catching up finds
    const known = await collection.epoch.store.descriptorByContent(contentHash);
    if (known === undefined)
      throw new LikenessError('image_not_found', `image ${id} is gone or was replaced meanwhile`);
    const { vector, perceptualHash, regions = [] } = known;
    const apply = async (region: ImageRegion) => ({ ...region, descriptor: await learner.apply(region.descriptor) });
    const projected = await Promise.all(regions.map(apply));
    return { vector: await learner.apply(vector), perceptualHash, regions: projected };
  };
}

async function pendingOf(collection: TunedCollection, options: TuneOptions): Promise<Pending | undefined> {
  const pending = await collection.epoch.learned.read(PENDING, pendingSchema);
  return pending?.request === requestKey(options) ? pending : undefined;
}

/** @returns a text that is the same for requests that would learn the same. */
function requestKey({ from, label, folds, holdOut, dryRun }: TuneRequest): string {
  return JSON.stringify([from, label ?? null, folds, holdOut, dryRun]);
}
