import { Worker, type Transferable } from 'node:worker_threads';
import { LikenessError, deserializeError, toLikenessError } from '../errors.js';
import type { ArgumentOf, ResponseMessage, ResultOf } from './protocol.js';

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** The calling side of one worker thread: typed requests, errors with their codes, and an end that fails what waits. */
export class WorkerClient<A> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: LikenessError | undefined;

  /** @param file URL of the built worker file, see {@link workerUrl}. */
  constructor(file: URL, options: { name: string; workerData?: unknown; onCrash?: (error: LikenessError) => void }) {
    this.#worker = new Worker(file, { name: options.name, workerData: options.workerData });
    this.#worker.on('message', (message: ResponseMessage) => this.#settle(message));
    this.#worker.on('error', (error) => this.#end(`${options.name} failed: ${String(error)}`, options.onCrash, error));
    this.#worker.on('exit', (code) => this.#end(`${options.name} exited with ${code}`, options.onCrash));
  }

  /** Requests that wait for an answer. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /**
   * Calls one method of the worker.
   * @param transfer buffers that move instead of being copied; the caller must not use them afterwards.
   * @throws the worker's LikenessError, or `worker_crashed` if the thread is gone.
   */
  call<M extends keyof A & string>(
    method: M,
    argument: ArgumentOf<A, M>,
    transfer: Transferable[] = [],
  ): Promise<ResultOf<A, M>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      try {
        this.#worker.postMessage({ id, method, argument }, transfer);
      } catch (error) {
        this.#pending.delete(id);
        reject(toLikenessError(error));
      }
    });
  }

  /** Ends the thread at once; what still waits fails with `worker_crashed`. Ask the worker to finish first if that matters. */
  async close(): Promise<void> {
    this.#end('the worker was closed', undefined);
    await this.#worker.terminate();
  }

  #settle(message: ResponseMessage): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    if ('error' in message) pending.reject(deserializeError(message.error));
    else pending.resolve(message.result);
  }

  #end(reason: string, onCrash: ((error: LikenessError) => void) | undefined, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new LikenessError('worker_crashed', reason, { cause });
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
    onCrash?.(this.#ended);
  }
}
