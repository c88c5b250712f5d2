import type { App, RouteContext } from '../app-types.js';
import { healthSchema, readinessSchema, type Readiness } from '../schemas.js';
import type { ServedEngine } from '../served.js';

const tags = ['service'];
/** Watchers ask often and from one address. */
const unlimited = { rateLimit: false } as const;

export function healthRoutes(app: App, { engine, metrics }: RouteContext): void {
  app.get(
    '/healthz',
    {
      config: { access: 'open', ...unlimited },
      schema: { tags, summary: 'The process is alive', response: { 200: healthSchema } },
    },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'open', ...unlimited },
      schema: {
        tags,
        summary: 'Every collection is open or put aside',
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      if (!engine.ready) void reply.header('retry-after', 1);
      return reply.code(engine.ready ? 200 : 503).send(readiness(engine));
    },
  );

  app.get(
    '/metrics',
    {
      config: { access: 'read', produces: ['text/plain'], ...unlimited },
      schema: { tags, summary: 'Counts and times for Prometheus' },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}

function readiness(engine: ServedEngine): Readiness {
  const ready = engine.list().map(({ name }) => ({ name, state: 'ready' as const }));
  const damaged = engine
    .quarantined()
    .map(({ name, error }) => ({ name, state: 'quarantined' as const, code: error.code }));
  return { ready: engine.ready, collections: [...ready, ...damaged] };
}
