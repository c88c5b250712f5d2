import { parentPort, type Transferable } from 'node:worker_threads';
import { serializeError } from '../errors.js';
import type { RequestMessage, WorkerApi } from './protocol.js';

/** A handler's answer whose buffers move to the caller instead of being copied. */
export class Transferred<T> {
  readonly value: T;
  readonly buffers: Transferable[];

  constructor(value: T, buffers: Transferable[]) {
    this.value = value;
    this.buffers = buffers;
  }
}

/**
 * Answers requests of the thread that started this worker. Handlers run in the order in which requests come; one that
 * returns a promise does not hold up the next.
 */
export function serveWorker(handlers: WorkerApi): void {
  const port = parentPort;
  if (port === null) throw new Error('serveWorker must run in a worker thread');
  port.on('message', (request: RequestMessage) => {
    void answer(handlers, request).then(
      (result) => {
        if (result instanceof Transferred)
          port.postMessage({ id: request.id, result: result.value as unknown }, result.buffers);
        else port.postMessage({ id: request.id, result });
      },
      (error: unknown) => port.postMessage({ id: request.id, error: serializeError(error) }),
    );
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- async makes a throw a rejection
async function answer(handlers: WorkerApi, request: RequestMessage): Promise<unknown> {
  const handler = handlers[request.method];
  if (handler === undefined) throw new Error(`expected a method of this worker, got ${request.method}`);
  return handler(request.argument as never);
}
