import type { Learner } from './learn.js';
import type { LearnWorkerApi } from './learn-worker.js';
import { WorkerClient } from './threads/worker-client.js';
import { workerUrl } from './threads/worker-url.js';

/** A {@link Learner} in a thread of its own, for as long as one task needs it. Any call may throw `worker_crashed`. */
export class LearnerThread {
  readonly #client = new WorkerClient<LearnWorkerApi>(workerUrl(import.meta.url, './learn-worker.js'), {
    name: 'learner',
  });

  /**
   * Runs a task with a thread that ends with it, or as soon as the signal says so: what it was asked fails then.
   * @throws the signal's reason, and what the task throws
   */
  static async with<T>(signal: AbortSignal | undefined, task: (learner: LearnerThread) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const learner = new LearnerThread();
    const stop = () => void learner.#client.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await task(learner);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
      await learner.#client.close();
    }
  }

  load(data: Parameters<Learner['load']>[0]) {
    return this.#client.call('load', data);
  }

  measure(candidate?: Parameters<Learner['measure']>[0]) {
    return this.#client.call('measure', candidate);
  }

  learn(candidate: Parameters<Learner['learn']>[0]) {
    return this.#client.call('learn', candidate);
  }

  useStages(stages: Parameters<Learner['useStages']>[0]) {
    return this.#client.call('useStages', stages);
  }

  /** The vector is copied, since a view would take the whole buffer under it along. */
  apply(vector: Float32Array) {
    return this.#client.call('apply', vector.slice());
  }
}
