import type { Companions, SampledPictures } from '../../duplicates/calibration/sample-pairs.js';
import { partOf } from '../../duplicates/calibration/sample-pairs.js';
import { isPictureError, LikenessError, toLikenessError } from '../../errors.js';
import { WorkerClient } from '../../threads/worker-client.js';
import { workerUrl } from '../../threads/worker-url.js';
import type { ImageRecord } from '../../types.js';
import type { EpochHolder } from '../epoch-holder.js';
import type { Epoch } from '../epoch.js';
import { nodesPerImage } from '../region-describer.js';
import type { CalibrateWorkerApi } from './calibrate-worker.js';
import { CALIBRATION, type Calibration, type CalibrationFacts } from './calibration.js';
import { drawSample, type SampledImages } from './draw-sample.js';

/** Fewer images say too little of what unrelated pairs are like. */
export const MIN_IMAGES = 50;
/** Nearest other images that each edited one is compared with. */
const NEAREST = 5;

export interface CalibrateOptions {
  /** Images that are edited; more is slower and more exact. */
  images?: number;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}
const DEFAULT_EDITED_IMAGES = 300;

/**
 * Learns what score means in this collection: edits a sample of its images, describes the copies, and fits the probability
 * that a pair is a picture and its edited copy. It is kept with the epoch and takes the place of the one before.
 * @throws `too_few_images`, `disk_full`
 */
export async function calibrate(collection: EpochHolder, options: CalibrateOptions = {}): Promise<CalibrationFacts> {
  const { epoch } = collection;
  const release = epoch.hold();
  const worker = new WorkerClient<CalibrateWorkerApi>(workerUrl(import.meta.url, './calibrate-worker.js'), {
    name: 'calibrate',
  });
  try {
    const { sequence, images } = await epoch.store.info();
    const sample = await drawSample(epoch.store, options.signal);
    refuseTooFew(sample.records.length, 'images with descriptors of their own');
    const companions = await gatherCompanions(collection, epoch, worker, sample, options);
    const { model, measured } = await worker.call('fit', { pictures: sample.pictures, companions });
    const facts = { calibratedAt: new Date().toISOString(), sequence, images, measured };
    await epoch.learned.write(CALIBRATION, { ...facts, model } satisfies Calibration);
    return facts;
  } finally {
    await worker.close();
    release();
  }
}

function refuseTooFew(count: number, what: string): void {
  if (count >= MIN_IMAGES) return;
  throw new LikenessError('too_few_images', `expected at least ${MIN_IMAGES} ${what}, got ${count}`, {
    details: { count, minimum: MIN_IMAGES },
  });
}

/** Images whose originals cannot be read or decoded are passed over. */
async function gatherCompanions(
  collection: EpochHolder,
  epoch: Epoch,
  worker: WorkerClient<CalibrateWorkerApi>,
  { records, pictures }: SampledImages,
  { images = DEFAULT_EDITED_IMAGES, onProgress, signal }: CalibrateOptions,
): Promise<Companions> {
  const companions: Companions = { nearest: [], edits: [] };
  const total = Math.min(images, records.length);
  let edited = 0;
  const rows = records.entries();
  const work = async () => {
    for (const [row, record] of rows) {
      if (edited >= total) return;
      signal?.throwIfAborted();
      const edits = await editsOf(collection, epoch, worker, row, record);
      if (edits === undefined) continue;
      edited += 1;
      companions.edits.push(...edits);
      companions.nearest.push(...(await nearestOf(epoch, pictures, row, record)));
      onProgress?.(Math.min(edited, total), total);
    }
  };
  // one picture a thread, and one being edited meanwhile: searches never wait behind more
  await Promise.all(Array.from({ length: collection.services.extractor.stats.threads + 1 }, work));
  refuseTooFew(edited, 'images with readable originals');
  return companions;
}

/** @returns edited copies of one image, described; undefined if its original cannot be read or decoded. */
async function editsOf(
  { originals, services }: EpochHolder,
  { model }: Epoch,
  worker: WorkerClient<CalibrateWorkerApi>,
  row: number,
  record: ImageRecord,
): Promise<Companions['edits'] | undefined> {
  try {
    const bytes = await originals.read(record);
    const { preprocess } = model.manifest;
    const withUnseen = partOf(row) === 'test';
    const edited = await worker.call('edit', { bytes, limits: services.limits, preprocess, seed: row, withUnseen });
    const described: Companions['edits'] = [];
    for (const { kind, pixels } of edited) {
      const { descriptor, perceptualHash } = await services.extractor.describe(model.directory, pixels);
      described.push({ row, kind, vector: descriptor, hash: perceptualHash });
    }
    return described;
  } catch (thrown) {
    const error = toLikenessError(thrown);
    if (!isPictureError(error)) throw error;
    return undefined;
  }
}

/** @returns the nearest images of the whole collection that have another descriptor and other bytes. */
async function nearestOf(
  { index, store }: Epoch,
  { vectors, dimension }: SampledPictures,
  row: number,
  record: ImageRecord,
): Promise<Companions['nearest']> {
  const query = vectors.slice(row * dimension, (row + 1) * dimension);
  const { nodes } = await index.search(query, NEAREST * nodesPerImage(await store.info()) + 1, {});
  const groups = await store.imagesOfNodes(nodes, { limitPerNode: 1 });
  const others = new Map(
    groups.flatMap(({ node, images: [image] }) =>
      image === undefined || image.id === record.id || image.contentHash === record.contentHash ? [] : [[node, image]],
    ),
  );
  const page = await store.nodeVectors(Uint32Array.from(others.keys()));
  return Array.from(page.nodes, (node, i) => ({
    row,
    hash: others.get(node)?.perceptualHash,
    vector: page.vectors.slice(i * dimension, (i + 1) * dimension),
  }))
    .flatMap(({ hash, ...rest }) => (hash === undefined ? [] : [{ ...rest, hash }]))
    .slice(0, NEAREST + 1);
}
