/** Thread shell round {@link Learner}; see learner-thread.ts for its calling side. */
import { Learner } from './learn.js';
import { serveWorker } from './threads/serve-worker.js';

const learner = new Learner();

const handlers = {
  load: (data: Parameters<Learner['load']>[0]) => learner.load(data),
  measure: (candidate: Parameters<Learner['measure']>[0]) => learner.measure(candidate),
  learn: (candidate: Parameters<Learner['learn']>[0]) => learner.learn(candidate),
  useStages: (stages: Parameters<Learner['useStages']>[0]) => learner.useStages(stages),
  apply: (vector: Float32Array) => learner.apply(vector),
};

export type LearnWorkerApi = typeof handlers;

serveWorker(handlers);
