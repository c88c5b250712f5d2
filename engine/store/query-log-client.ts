import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { Feedback, LoggedQuery, QueryLogOptions, ReplacedLog } from './query-log.js';
import type { QueryLogWorkerApi } from './query-log-worker.js';

/** A query log in a worker thread of its own. Any call may throw `store_corrupt` or `disk_full`. */
export class QueryLogClient {
  readonly #worker: WorkerClient<QueryLogWorkerApi>;
  /** The file was damaged, and an empty one took its place. */
  readonly replaced: ReplacedLog | undefined;

  private constructor(worker: WorkerClient<QueryLogWorkerApi>, replaced: ReplacedLog | undefined) {
    this.#worker = worker;
    this.replaced = replaced;
  }

  /** Starts the thread and opens the file, made if it is missing. @throws `store_too_new`, `disk_full` */
  static async open(options: QueryLogOptions): Promise<QueryLogClient> {
    const worker = new WorkerClient<QueryLogWorkerApi>(workerUrl(import.meta.url, './query-log-worker.js'), {
      name: 'query-log',
    });
    try {
      return new QueryLogClient(worker, await worker.call('open', options));
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Resolves at some time after the query is written, or with a batch that waits already. */
  addQuery(query: LoggedQuery) {
    return this.#worker.call('addQuery', query);
  }

  query(id: string) {
    return this.#worker.call('query', id);
  }

  /** Durable when it resolves. */
  addFeedback(feedback: Feedback) {
    return this.#worker.call('addFeedback', feedback);
  }

  feedbackPage(after: number, limit: number) {
    return this.#worker.call('feedbackPage', [after, limit]);
  }

  async close(): Promise<void> {
    await this.#worker.call('close', undefined).finally(() => this.#worker.close());
  }
}
