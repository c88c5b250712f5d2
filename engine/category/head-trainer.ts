import type { ResultOf } from '../threads/protocol.js';
import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import { MAX_EPOCHS } from './head-fit.js';
import type { HeadSettings } from './head-settings.js';
import type { HeadWorkerApi } from './head-worker.js';
import type { TrainingExamples } from './training-examples.js';

export type TrainedHead = ResultOf<HeadWorkerApi, 'finish'>;

export interface TrainingWatch {
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Trains a head in a thread of its own, which ends with it. The examples' buffers move there. @throws `worker_crashed` */
export async function trainHead(
  examples: TrainingExamples,
  settings: HeadSettings,
  { onProgress, signal }: TrainingWatch,
): Promise<TrainedHead> {
  const client = new WorkerClient<HeadWorkerApi>(workerUrl(import.meta.url, './head-worker.js'), {
    name: 'category-head',
  });
  try {
    const { vectors, targets } = examples;
    await client.call('begin', { examples, settings }, [vectors.buffer as ArrayBuffer, targets.buffer as ArrayBuffer]);
    for (let done = false; !done;) {
      signal?.throwIfAborted();
      const step = await client.call('step', undefined);
      done = step.done;
      onProgress?.(step.epoch, MAX_EPOCHS);
    }
    const trained = await client.call('finish', undefined);
    onProgress?.(MAX_EPOCHS, MAX_EPOCHS);
    return trained;
  } finally {
    await client.close();
  }
}
