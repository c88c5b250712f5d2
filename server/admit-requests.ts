import type { FastifyRequest } from 'fastify';
import { LikenessError } from '../engine/errors.js';
import type { Admission, Slot } from './admission.js';
import type { App } from './app-types.js';
import { addBeforeBody } from './before-body.js';
import { isPictureType } from './media-types.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Taken by routes that handle pictures. */
    slot: Slot | undefined;
  }
  interface FastifyContextConfig {
    /** The route handles pictures, so it takes a slot before its body is read. */
    heavy?: boolean;
  }
}

interface BodyLimits {
  maxImageBytes: number;
  maxBodyBytes: number;
}

/**
 * Takes a slot in onRequest of heavy routes. It is free again when the response is done or broken off AND the handler has
 * ended: a client that goes away must not leave work behind that nobody counts.
 */
export function admitRequests(app: App, admission: Admission, limits: BodyLimits): void {
  const handlers = new WeakMap<FastifyRequest, Promise<unknown>>();
  app.decorateRequest('slot', undefined);

  addBeforeBody(app, async (request, reply) => {
    if (request.routeOptions.config.heavy !== true) return;
    const slot = await admission.enter(bodyBytes(request, limits), request.clientGone);
    const freeAfterHandler = () => void (handlers.get(request) ?? Promise.resolve()).finally(() => slot.free());
    request.slot = slot;
    // the client may have gone in the moment in which the slot was given
    if (reply.raw.closed || reply.raw.destroyed) slot.free();
    else reply.raw.once('close', freeAfterHandler);
  });

  app.addHook('onRoute', (route) => {
    if (route.config?.heavy !== true) return;
    const { handler } = route;
    route.handler = function (request, reply) {
      const running = Promise.resolve(handler.call(this, request, reply));
      handlers.set(
        request,
        running.catch(() => undefined),
      );
      return running;
    };
  });
}

/** Bytes that the body will have, or its cap where the client does not say. @throws `too_many_bytes` */
function bodyBytes(request: FastifyRequest, limits: BodyLimits): number {
  const cap = isPictureType(request.headers['content-type']) ? limits.maxImageBytes : limits.maxBodyBytes;
  const length = request.headers['content-length'];
  if (length === undefined) return request.headers['transfer-encoding'] === undefined ? 0 : cap;
  if (Number(length) <= cap) return Number(length);
  throw new LikenessError('too_many_bytes', `expected a body of at most ${cap} bytes, got ${length}`, {
    details: { maxBytes: cap },
  });
}
