import { z } from 'zod';
import { LikenessError } from '../../engine/errors.js';
import type { App, RouteContext } from '../app-types.js';
import { grantedByKey, grantedTo, hasKeys, type Granted } from '../auth.js';
import { sessionAnswerSchema, signInSchema, type SessionAnswer } from '../schemas/session.js';
import { makeSession, SESSION_SECONDS, sessionCookie } from '../sessions.js';

const tags = ['service'];
const BODY_LIMIT_BYTES = 16 * 1024;
const open = { access: 'open' } as const;
const response = { 200: sessionAnswerSchema };

/** Sign-in for browsers: a cookie in place of the key, since <img> sends no headers. */
export function sessionRoutes(app: App, { config }: RouteContext): void {
  const answer = (access: Granted): SessionAnswer => ({
    keys: hasKeys(config),
    access,
    urlFetch: config.urlFetch === 'on',
    maxImageBytes: config.maxImageBytes,
  });

  app.get(
    '/v1/session',
    { config: open, schema: { tags, summary: 'What this caller may do here', response } },
    (request) => answer(grantedTo(request, config)),
  );

  app.post(
    '/v1/session',
    {
      config: open,
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        tags,
        summary: 'Sign in: a cookie for a browser, in place of an API key',
        body: signInSchema,
        response,
      },
    },
    async (request, reply) => {
      const { key } = request.body;
      const access = hasKeys(config) ? grantedByKey(key, config) : 'write';
      if (access === 'none') throw new LikenessError('unauthorized', 'expected an API key that this server knows');
      const session = makeSession(key, Math.floor(Date.now() / 1000) + SESSION_SECONDS);
      return reply.header('set-cookie', sessionCookie(session, request.protocol === 'https')).send(answer(access));
    },
  );

  app.delete(
    '/v1/session',
    { config: open, schema: { tags, summary: 'Sign out', response: { 204: z.undefined() } } },
    async (request, reply) =>
      reply
        .code(204)
        .header('set-cookie', sessionCookie('', request.protocol === 'https'))
        .send(),
  );
}
