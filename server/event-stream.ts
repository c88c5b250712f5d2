import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LikenessError, toLikenessError } from '../engine/errors.js';
import { EVENT_STREAM } from './media-types.js';

/** Something whose state is told of again whenever its version is another. */
export interface Watched {
  event: string;
  key: string;
  version: string;
  /** Sent as JSON. */
  data: unknown;
}

/** One look at all that a stream tells of; `over` when there will be no more to tell. */
export type Look = () => Promise<{ watched: readonly Watched[]; over: boolean }>;

/** How streams pass the time, in milliseconds. */
export interface StreamTimes {
  /** Between two looks. */
  lookMs: number;
  /** After so long without an event a comment is sent, or a proxy would take the connection for dead. */
  heartbeatMs: number;
  /** A stream ends after so long; whoever comes back shows again that he may. */
  lastMs: number;
}

const TIMES: StreamTimes = { lookMs: 250, heartbeatMs: 15_000, lastMs: 60 * 60 * 1000 };
/** Streams at once: each is a connection that is kept open. */
const MAX_OPEN = 64;
/** When a browser comes back after its stream has ended. */
const RETRY_MS = 2000;

/**
 * Answers of server-sent events. A stream is a series of looks: what has changed since the last one is sent, so a reader
 * that falls behind gets fewer and newer states, and nothing is kept for it.
 */
export class EventStreams {
  #open = 0;
  readonly #closing: AbortSignal;
  readonly #times: StreamTimes;

  /** @param closing ends all of them */
  constructor(closing: AbortSignal, times: StreamTimes = TIMES) {
    this.#closing = closing;
    this.#times = times;
  }

  /** @throws `overloaded` when too many are open */
  answer(request: FastifyRequest, reply: FastifyReply, look: Look): FastifyReply {
    if (this.#open >= MAX_OPEN)
      throw new LikenessError('overloaded', `expected at most ${MAX_OPEN} event streams at once`);
    this.#open += 1;
    reply.raw.once('close', () => (this.#open -= 1));
    const signal = AbortSignal.any([request.clientGone, this.#closing, AbortSignal.timeout(this.#times.lastMs)]);
    const onError = (error: LikenessError): void => request.log.info({ err: error }, 'event stream ended');
    const text = eventText(look, this.#times, signal, onError);
    // kept for another request, the connection would hold up the end of the server
    return reply
      .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
      .type(EVENT_STREAM)
      .send(Readable.from(text));
  }
}

/** The text of a stream, until it is over, or a look fails, or the signal says so. */
async function* eventText(
  look: Look,
  { lookMs, heartbeatMs }: StreamTimes,
  signal: AbortSignal,
  onError: (error: LikenessError) => void,
): AsyncGenerator<string> {
  const sent = new Map<string, string>();
  let quietSince = Date.now();
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    while (!signal.aborted) {
      const { watched, over } = await look();
      const changed = watched.filter(({ key, version }) => sent.get(key) !== version);
      for (const { key, version, event, data } of changed) {
        sent.set(key, version);
        yield `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      }
      if (over) return;
      const isQuiet = changed.length === 0 && Date.now() - quietSince >= heartbeatMs;
      if (isQuiet) yield ': still here\n\n';
      if (isQuiet || changed.length > 0) quietSince = Date.now();
      await sleep(lookMs, undefined, { signal });
    }
  } catch (error) {
    // a collection that was deleted, for instance: whoever asks again is told so
    if (!signal.aborted) onError(toLikenessError(error));
  }
}
