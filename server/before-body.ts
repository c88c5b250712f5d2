import type { onRequestAsyncHookHandler } from 'fastify';
import type { App } from './app-types.js';

/**
 * Adds a hook to every route that is declared later, in the order of these calls, before the body is read. Hooks of the
 * route rather than of the app: @fastify/rate-limit adds its own that way, and must come first.
 */
export function addBeforeBody(app: App, hook: onRequestAsyncHookHandler): void {
  app.addHook('onRoute', (route) => {
    route.onRequest = [...[route.onRequest ?? []].flat(), hook];
  });
}
