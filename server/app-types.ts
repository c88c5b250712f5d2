import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from './admission.js';
import type { ServerConfig } from './config.js';
import type { Metrics } from './metrics.js';
import type { ServedEngine } from './served.js';
import type { UrlFetcher } from './url-fetch.js';

/** Fastify whose routes take their types from zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What every route file is given. */
export interface RouteContext {
  engine: ServedEngine;
  config: ServerConfig;
  admission: Admission;
  metrics: Metrics;
  fetchUrl: UrlFetcher;
}
