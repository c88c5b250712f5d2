import type { SerializedError } from '../errors.js';

/** What a worker offers: method name -> function of one structured-cloneable argument. */
export type WorkerApi = Record<string, (argument: never) => unknown>;

/** The argument of method M of a worker's API. */
export type ArgumentOf<A, M extends keyof A> = A[M] extends (argument: infer T) => unknown ? T : never;

/** What method M answers, after awaiting. */
export type ResultOf<A, M extends keyof A> = A[M] extends (argument: never) => infer R ? Awaited<R> : never;

/** Main thread -> worker. */
export interface RequestMessage {
  id: number;
  method: string;
  argument: unknown;
}

/** Worker -> main thread. */
export type ResponseMessage = { id: number; result: unknown } | { id: number; error: SerializedError };
