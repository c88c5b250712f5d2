import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { RankingWorkerApi } from './ranking-worker.js';
import type { RerankStage } from './ranking-stage.js';
import type { RerankInput } from './rerank.js';

/** The thread that re-ranks for all collections; it starts with the first request, and again after it crashed. */
export class RankingThread {
  #client: WorkerClient<RankingWorkerApi> | undefined;

  /** See {@link rerank}. The vectors' buffer moves to the thread. @throws `worker_crashed` */
  rerank(stage: RerankStage, input: RerankInput): Promise<Float64Array> {
    this.#client ??= this.#start();
    const { query, vectors } = input;
    return this.#client.call('rerank', { stage, input: { ...input, query: query.slice() } }, [
      vectors.buffer as ArrayBuffer,
    ]);
  }

  /** Ends the thread; what it was asked fails. */
  async close(): Promise<void> {
    await this.#client?.close();
  }

  #start(): WorkerClient<RankingWorkerApi> {
    const client = new WorkerClient<RankingWorkerApi>(workerUrl(import.meta.url, './ranking-worker.js'), {
      name: 'ranking',
      onCrash: () => {
        if (this.#client === client) this.#client = undefined;
      },
    });
    return client;
  }
}
