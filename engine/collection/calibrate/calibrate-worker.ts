/** The thread that edits pictures for a calibration and fits it; see calibrate.ts for its calling side. */
import { fitPairModel, measurePairModel } from '../../duplicates/calibration/fit-calibration.js';
import type { MeasuredCalibration } from '../../duplicates/calibration/measured.js';
import { samplePairs, type Companions, type SampledPictures } from '../../duplicates/calibration/sample-pairs.js';
import type { PairModel } from '../../duplicates/pair-model.js';
import { seededRandom } from '../../seeded-random.js';
import { serveWorker } from '../../threads/serve-worker.js';
import { editPicture, type EditRequest } from './edit-picture.js';
import { unseenKinds } from './synthetic-edits.js';

/** Of the random pairs. */
const SEED = 1;

const handlers = {
  edit: (request: EditRequest) => editPicture(request),
  fit: ({ pictures, companions }: { pictures: SampledPictures; companions: Companions }): FittedPairModel => {
    const samples = samplePairs(pictures, companions, seededRandom(SEED));
    const model = fitPairModel(samples);
    return { model, measured: measurePairModel(model, samples, unseenKinds()) };
  },
};

interface FittedPairModel {
  model: PairModel;
  measured: MeasuredCalibration;
}

export type CalibrateWorkerApi = typeof handlers;

serveWorker(handlers);
