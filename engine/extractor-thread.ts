import type { Detection } from './detection.js';
import type { Extraction } from './extract.js';
import { WorkerClient } from './threads/worker-client.js';
import { workerUrl } from './threads/worker-url.js';

/** What extract-worker.ts serves. */
export type ExtractClient = WorkerClient<
  Pick<Extraction, 'open' | 'describe' | 'activation' | 'describeWindows'> &
    Pick<Detection, 'detect'> & { openDetector: Detection['open'] }
>;

/**
 * One place of the pool. Its thread starts with the first request, and again with the next one after it crashed or was
 * recycled, so that a thread that dies at once is not restarted in a circle.
 */
export class ExtractorThread {
  readonly #name: string;
  readonly #pending = new Set<Promise<unknown>>();
  #client: ExtractClient | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Requests that were sent and are not answered yet. */
  get running(): number {
    return this.#pending.size;
  }

  /** Sends one request. @throws the worker's error, or worker_crashed if the thread ended meanwhile. */
  async request<T>(send: (client: ExtractClient) => Promise<T>): Promise<T> {
    this.#client ??= this.#start();
    const answer = send(this.#client);
    this.#pending.add(answer);
    return answer.finally(() => this.#pending.delete(answer));
  }

  /** Lets the thread finish what it was sent, then ends it; requests from now on go to a new one. */
  async recycle(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await Promise.allSettled(this.#pending);
    await client?.close();
  }

  #start(): ExtractClient {
    const client: ExtractClient = new WorkerClient(workerUrl(import.meta.url, './extract-worker.js'), {
      name: this.#name,
      onCrash: () => {
        if (this.#client === client) this.#client = undefined;
      },
    });
    return client;
  }
}
