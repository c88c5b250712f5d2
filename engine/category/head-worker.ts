/** The thread that trains one category head; see head-trainer.ts for its calling side. */
import { LikenessError } from '../errors.js';
import { serveWorker } from '../threads/serve-worker.js';
import { HeadFit } from './head-fit.js';
import type { HeadSettings } from './head-settings.js';
import { judgePredictors } from './judge.js';
import type { TrainingExamples } from './training-examples.js';

let running: { fit: HeadFit; examples: TrainingExamples } | undefined;

function current(): { fit: HeadFit; examples: TrainingExamples } {
  if (running === undefined) throw new LikenessError('internal', 'expected a fit that was begun');
  return running;
}

const handlers = {
  begin: ({ examples, settings }: { examples: TrainingExamples; settings: HeadSettings }) => {
    running = { examples, fit: new HeadFit(examples, settings) };
  },
  step: () => current().fit.step(),
  finish: () => {
    const { fit, examples } = current();
    const { epoch, ...head } = fit.head();
    return {
      head,
      rounds: epoch,
      heldOut: fit.split.heldOut.length,
      ...judgePredictors(examples, head, fit.split.heldOut),
    };
  },
};

export type HeadWorkerApi = typeof handlers;

serveWorker(handlers);
