import type { LikenessError } from '../errors.js';
import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { NodeSearchOptions } from './index-core.js';
import type { IndexWorkerApi } from './index-worker.js';
import type { IndexOptions, OpenReport, PersistentIndex } from './local-index.js';
import type { IndexStats, Neighbours, NodeChanges, NodeSearchPlan } from './vector-index.js';

/**
 * A vector index in a worker thread of its own. Small arrays are copied before they are sent, since a view would take the
 * whole buffer under it along.
 */
export class IndexClient implements PersistentIndex {
  /** What was found on disk. */
  readonly opened: OpenReport;
  readonly #worker: WorkerClient<IndexWorkerApi>;

  private constructor(worker: WorkerClient<IndexWorkerApi>, opened: OpenReport) {
    this.#worker = worker;
    this.opened = opened;
  }

  /** Starts the thread and loads the newest sound generation; resolves when the index can be searched. */
  static async open(
    options: IndexOptions,
    thread: { name: string; onCrash?: (error: LikenessError) => void } = { name: 'vector-index' },
  ): Promise<IndexClient> {
    const worker = new WorkerClient<IndexWorkerApi>(workerUrl(import.meta.url, './index-worker.js'), thread);
    try {
      return new IndexClient(worker, await worker.call('open', options));
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Takes over changes.putVectors: its buffer moves to the thread if the array spans all of it, and is copied if not. */
  apply(changes: NodeChanges): Promise<void> {
    const { buffer, byteLength } = changes.putVectors;
    const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0;
    const putVectors = isWhole ? changes.putVectors : changes.putVectors.slice();
    return this.#worker.call('apply', { ...changes, putVectors }, [putVectors.buffer as ArrayBuffer]);
  }

  search(
    query: Float32Array,
    k: number,
    options: NodeSearchOptions = {},
  ): Promise<Neighbours & { plan: NodeSearchPlan }> {
    return this.#worker.call('search', { query: query.slice(), k, options });
  }

  searchAmong(query: Float32Array, nodes: Uint32Array, k: number): Promise<Neighbours> {
    return this.#worker.call('searchAmong', { query: query.slice(), nodes: nodes.slice(), k });
  }

  stats(): Promise<IndexStats> {
    return this.#worker.call('stats', undefined);
  }

  save(): Promise<{ sequence: number; kept: number[] }> {
    return this.#worker.call('save', undefined);
  }

  idle(): Promise<void> {
    return this.#worker.call('idle', undefined);
  }

  /** Lets a running save finish, then ends the thread. */
  async close(): Promise<void> {
    await this.#worker.call('close', undefined).catch(() => undefined);
    await this.#worker.close();
  }
}
