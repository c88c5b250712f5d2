import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LikenessError } from '../engine/errors.js';
import type { App } from './app-types.js';
import { addBeforeBody } from './before-body.js';
import { keyOfSession, sessionOf } from './sessions.js';

/** What a caller must be allowed to do. `open` routes ask for nothing. */
export type Access = 'open' | 'read' | 'write';
/** What a caller may do. */
export type Granted = 'none' | 'read' | 'write';

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
 * Checks the API key of every request (Authorization: Bearer KEY, or X-API-Key: KEY, or the session made of one) against
 * its route's access. Without any keys in the config everybody may do everything.
 */
export function requireKeys(app: App, keys: Keys): void {
  if (!hasKeys(keys)) return;
  addBeforeBody(app, async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'write';
    if (access === 'open') return;
    const granted = grantedTo(request, keys);
    if (granted === 'write' || granted === access) return;
    if (granted === 'read')
      throw new LikenessError('forbidden', 'expected a key that may write, got one that may only read');
    void reply.header('www-authenticate', 'Bearer');
    throw new LikenessError('unauthorized', 'expected an API key in Authorization: Bearer or X-API-Key');
  });
}

export function hasKeys({ readKeys, writeKeys }: Keys): boolean {
  return readKeys.length + writeKeys.length > 0;
}

/** @returns what the key or the session of a request allows. */
export function grantedTo(request: FastifyRequest, keys: Keys): Granted {
  if (!hasKeys(keys)) return 'write';
  return grantedByKey(keyOf(request) ?? sessionKey(request, keys) ?? '', keys);
}

/** Every known key is compared, so that the time tells nothing about which one came close. */
export function grantedByKey(key: string, { readKeys, writeKeys }: Keys): Granted {
  const given = digest(key);
  const [mayWrite, mayRead] = [includes(writeKeys, given), includes(readKeys, given)];
  return mayWrite ? 'write' : mayRead ? 'read' : 'none';
}

function keyOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string') return header;
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** A browser sends its session by itself, so what changes something must come from a page of this server. */
function sessionKey(request: FastifyRequest, { readKeys, writeKeys }: Keys): string | undefined {
  const session = sessionOf(request.headers.cookie);
  if (session === undefined || !(request.method === 'GET' || isFromOwnPage(request))) return undefined;
  return keyOfSession(session, [...writeKeys, ...readKeys], Date.now() / 1000);
}

/** SameSite=Strict lets pages of other ports and subdomains through; these headers, which no page can forge, do not. */
function isFromOwnPage({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return URL.canParse(headers.origin ?? '') && new URL(headers.origin ?? '').host === host;
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function includes(known: readonly string[], given: Buffer): boolean {
  return known.map(digest).reduce((found, key) => timingSafeEqual(key, given) || found, false);
}
