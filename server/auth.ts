import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LikenessError } from '../engine/errors.js';
import type { App } from './app-types.js';
import { addBeforeBody } from './before-body.js';

/** What a caller must be allowed to do. `open` routes ask for nothing. */
export type Access = 'open' | 'read' | 'write';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; without it, only callers that may write. */
    access?: Access;
  }
}

interface Keys {
  readKeys: readonly string[];
  writeKeys: readonly string[];
}

/**
 * Checks the API key of every request (Authorization: Bearer KEY, or X-API-Key: KEY) against its route's access. Without
 * any keys in the config everybody may do everything.
 */
export function requireKeys(app: App, keys: Keys): void {
  const readers = keys.readKeys.map(digest);
  const writers = keys.writeKeys.map(digest);
  if (readers.length + writers.length === 0) return;
  addBeforeBody(app, async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'write';
    if (access === 'open') return;
    const given = digest(keyOf(request) ?? '');
    if (includes(writers, given)) return;
    const mayRead = includes(readers, given);
    if (mayRead && access === 'read') return;
    if (mayRead) throw new LikenessError('forbidden', 'expected a key that may write, got one that may only read');
    void reply.header('www-authenticate', 'Bearer');
    throw new LikenessError('unauthorized', 'expected an API key in Authorization: Bearer or X-API-Key');
  });
}

function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string') return header;
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Compares with every key, so that the time tells nothing about which one came close. */
function includes(known: readonly Buffer[], given: Buffer): boolean {
  return known.reduce((found, key) => timingSafeEqual(key, given) || found, false);
}
