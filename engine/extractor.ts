import { LikenessError } from './errors.js';
import type { Detected } from './detection.js';
import type { WindowEdges } from './descriptor/window.js';
import type { Description } from './extract.js';
import { ExtractorThread, type ExtractClient } from './extractor-thread.js';
import type { FixedInputs } from './model/manifest.js';
import type { Activation, DescribedWindows } from './open-model.js';
import { pickDefined } from './pick-defined.js';
import { cpuQuota } from './threads/cpu-quota.js';
import type { Pixels } from './types.js';

/** Sent to a thread at once: the picture that it works on and the next, so that it never waits between two. */
const IN_FLIGHT_PER_THREAD = 2;

export interface ExtractorStats {
  /** Pictures that wait for a thread. */
  queued: number;
  /** Pictures that were sent to a thread and are not described yet. */
  running: number;
  threads: number;
}

export interface ExtractOptions {
  /** Drops the request while it waits; one that a thread has begun is finished. */
  signal?: AbortSignal;
  /** In place of values that the manifest fixes, see checkQueryInputs. */
  inputs?: FixedInputs;
}

interface Task {
  modelDirectory: string;
  send: (client: ExtractClient) => Promise<unknown>;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  /** Takes the task's ear off its abort signal. */
  unlisten: () => void;
}

/** The pool of inference threads: first come, first served, each picture to the thread that has least to do. */
export class Extractor {
  readonly #threads: readonly ExtractorThread[];
  readonly #queue: Task[] = [];
  readonly #modelsInUse = new Set<string>();
  #closed = false;

  /** @param options threads: how many pictures are worked on at once; 0 for the CPU quota. */
  constructor(options: { threads?: number } = {}) {
    const { threads = 0 } = options;
    const count = threads === 0 ? cpuQuota() : threads;
    this.#threads = Array.from({ length: count }, (_, i) => new ExtractorThread(`extract-${i}`));
  }

  get stats(): ExtractorStats {
    const running = this.#threads.reduce((sum, thread) => sum + thread.running, 0);
    return { queued: this.#queue.length, running, threads: this.#threads.length };
  }

  /** Opens a model in every thread, so that a wrong one is known before the first picture. @throws model_not_found, model_invalid. */
  async open(modelDirectory: string): Promise<void> {
    this.#refuseIfClosed();
    this.#modelsInUse.add(modelDirectory);
    await Promise.all(this.#threads.map((thread) => thread.request((client) => client.call('open', modelDirectory))));
  }

  /**
   * @param pixels as the model's preprocessing cuts them; their buffers move to the thread and must not be used again.
   * @returns the picture's descriptor.
   * @throws image_too_plain, model_not_found, model_invalid, worker_crashed, shutting_down, or the signal's reason.
   */
  describe(modelDirectory: string, pixels: Pixels, options: ExtractOptions = {}): Promise<Description> {
    const request = { modelDirectory, pixels, ...pickDefined(options, ['inputs']) };
    const send = (client: ExtractClient) => client.call('describe', request, transferList(pixels));
    return this.#enqueue(modelDirectory, send, options.signal);
  }

  /**
   * @param pixels all of a picture; as with {@link describe}.
   * @returns where the model's backbone sees something in it.
   * @throws as {@link describe}.
   */
  activation(modelDirectory: string, pixels: Pixels, signal?: AbortSignal): Promise<Activation> {
    const send = (client: ExtractClient) => client.call('activation', { modelDirectory, pixels }, transferList(pixels));
    return this.#enqueue(modelDirectory, send, signal);
  }

  /**
   * @param pixels all of a picture; as with {@link describe}.
   * @param windows parts of it, in fractions.
   * @returns their descriptors.
   * @throws as {@link describe}, but for image_too_plain.
   */
  describeWindows(
    modelDirectory: string,
    pixels: Pixels,
    windows: WindowEdges[],
    signal?: AbortSignal,
  ): Promise<DescribedWindows> {
    const request = { modelDirectory, pixels, windows };
    const send = (client: ExtractClient) => client.call('describeWindows', request, transferList(pixels));
    return this.#enqueue(modelDirectory, send, signal);
  }

  /** Opens a detector in every thread. @throws model_not_found, model_invalid */
  async openDetector(directory: string): Promise<void> {
    this.#refuseIfClosed();
    await Promise.all(
      this.#threads.map((thread) => thread.request((client) => client.call('openDetector', directory))),
    );
  }

  /**
   * @param pixels all of a picture, fitted into the detector's square; as with {@link describe}.
   * @returns what the detector finds in it.
   * @throws as {@link describe}, but for image_too_plain.
   */
  detect(detectorDirectory: string, pixels: Pixels, signal?: AbortSignal): Promise<Detected> {
    const send = (client: ExtractClient) => client.call('detect', { detectorDirectory, pixels }, transferList(pixels));
    return this.#enqueue(detectorDirectory, send, signal);
  }

  /** Frees a model's memory, which only the end of a thread does: each finishes what it has begun and is replaced. */
  async drop(modelDirectory: string): Promise<void> {
    if (!this.#modelsInUse.delete(modelDirectory)) return;
    await this.#recycleAll();
  }

  /** Fails what waits with shutting_down, finishes what has begun, ends the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of [...this.#queue]) this.#abandon(task, shuttingDown());
    await this.#recycleAll();
  }

  #enqueue<T>(
    modelDirectory: string,
    send: (client: ExtractClient) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#refuseIfClosed();
      signal?.throwIfAborted();
      const onAbort = () => this.#abandon(task, signal?.reason);
      const unlisten = () => signal?.removeEventListener('abort', onAbort);
      const task: Task = { modelDirectory, send, resolve: resolve as Task['resolve'], reject, unlisten };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (;;) {
      const thread = this.#leastLoaded();
      const task = thread.running < IN_FLIGHT_PER_THREAD ? this.#queue.shift() : undefined;
      if (task === undefined) return;
      task.unlisten();
      this.#send(task, thread);
    }
  }

  #send({ modelDirectory, send, resolve, reject }: Task, thread: ExtractorThread): void {
    this.#modelsInUse.add(modelDirectory);
    thread
      .request(send)
      .then(resolve, reject)
      .finally(() => this.#dispatch());
  }

  #leastLoaded(): ExtractorThread {
    return this.#threads.reduce((least, thread) => (thread.running < least.running ? thread : least));
  }

  #abandon(task: Task, reason: unknown): void {
    task.unlisten();
    this.#queue.splice(this.#queue.indexOf(task), 1);
    task.reject(reason);
  }

  async #recycleAll(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.recycle()));
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw shuttingDown();
  }
}

/** A buffer moves only if it is the picture's alone: small Buffers share one slab with others. */
function transferList({ data, mask }: Pixels): ArrayBuffer[] {
  const planes = mask === undefined ? [data] : [data, mask];
  return planes.filter(ownsItsBuffer).map((plane) => plane.buffer as ArrayBuffer);
}

function ownsItsBuffer({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

function shuttingDown(): LikenessError {
  return new LikenessError('shutting_down', 'the extractor is closed');
}
