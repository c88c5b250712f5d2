import type { FastifyReply } from 'fastify';
import { LikenessError } from '../engine/errors.js';
import type { App } from './app-types.js';
import type { Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborted when the client goes away before its answer is complete. */
    clientGone: AbortSignal;
  }
  interface FastifyInstance {
    /** Turns away every new request from now on; those that run are finished. */
    drain: () => void;
    /** Aborted when the app drains or closes: what goes on for as long as it may must end. */
    closing: AbortSignal;
  }
  interface FastifyContextConfig {
    /** The answer goes on for as long as the client listens, so its time says nothing. */
    endless?: boolean;
  }
}

/** What happens to every request at its start and end. */
export function followRequests(app: App, metrics: Metrics): void {
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.decorate('drain', () => closing.abort());
  app.addHook('preClose', (done) => {
    closing.abort();
    done();
  });
  app.decorateRequest('clientGone');

  app.addHook('onRequest', async (request, reply) => {
    request.clientGone = clientGone(reply);
    void reply.header('x-request-id', request.id);
    if (!closing.signal.aborted) return;
    void reply.header('connection', 'close');
    throw new LikenessError('shutting_down', 'the service is shutting down');
  });

  // a kept connection would hold up the shutdown until its client lets go
  app.addHook('onSend', async (_request, reply) => {
    if (closing.signal.aborted) void reply.header('connection', 'close');
  });

  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const [status, ms] = [reply.statusCode, reply.elapsedTime];
    const { url: route = 'unknown', config } = request.routeOptions;
    metrics.noteRequest({ method, route, status, seconds: config.endless === true ? undefined : ms / 1000 });
    request.log.info({ method, url, status, ms: Math.round(ms) }, 'answered');
  });
}

function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished)
      controller.abort(new LikenessError('invalid_request', 'the client closed the connection'));
  });
  return controller.signal;
}
