import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LikenessError } from '../engine/errors.js';
import { packageRoot } from '../engine/package-root.js';
import { Admission } from './admission.js';
import { admitRequests } from './admit-requests.js';
import type { App, RouteContext } from './app-types.js';
import { requireKeys } from './auth.js';
import type { ServerConfig } from './config.js';
import { RETRY_AFTER_S } from './error-map.js';
import { followRequests } from './lifecycle.js';
import { NDJSON } from './media-types.js';
import { Metrics } from './metrics.js';
import { describeApi } from './openapi.js';
import { servePage } from './page.js';
import { requestError, toProblem } from './problem.js';
import { batchRoutes } from './routes/batch.js';
import { categoryRoutes } from './routes/categories.js';
import { collectionRoutes } from './routes/collections.js';
import { duplicateRoutes } from './routes/duplicates.js';
import { eventRoutes } from './routes/events.js';
import { featureRoutes } from './routes/features.js';
import { fieldRoutes } from './routes/fields.js';
import { healthRoutes } from './routes/health.js';
import { imageRoutes } from './routes/images.js';
import { jobRoutes } from './routes/jobs.js';
import { modelRoutes } from './routes/models.js';
import { putImageRoutes } from './routes/put-image.js';
import { queryRoutes } from './routes/queries.js';
import { searchRoutes } from './routes/search.js';
import { subjectRoutes } from './routes/subjects.js';
import { sessionRoutes } from './routes/session.js';
import { transferRoutes } from './routes/transfer.js';
import type { ServedEngine } from './served.js';
import { UrlFetcher, type Network } from './url-fetch.js';

/** An id of 512 characters, each percent-encoded as up to 3 bytes of UTF-8. */
const MAX_PARAM_LENGTH = 512 * 3 * 3;

export interface AppOptions {
  engine: ServedEngine;
  config: ServerConfig;
  version?: string;
  logger?: FastifyServerOptions['logger'];
  /** In place of DNS and the public internet, for tests of imageUrl. */
  network?: Network;
  /** Folder of the built page. */
  pageFolder?: string;
}

/** Puts the server together; it does not listen. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { engine, config } = options;
  const app: App = fastify(serverOptions(options));
  const admission = new Admission(config);
  const metrics = new Metrics(engine, admission);
  const context: RouteContext = { engine, config, admission, metrics, fetchUrl: urlFetcher(options) };

  answerErrors(app);
  acceptBodies(app, config);
  followRequests(app, metrics);
  await addPlugins(app, config);
  requireKeys(app, config);
  admitRequests(app, admission, config);
  await describeApi(app, { version: options.version ?? '0.0.0', docs: config.docs === 'on' });
  for (const routes of [
    healthRoutes,
    sessionRoutes,
    modelRoutes,
    collectionRoutes,
    categoryRoutes,
    imageRoutes,
    fieldRoutes,
    putImageRoutes,
    batchRoutes,
    searchRoutes,
    queryRoutes,
    featureRoutes,
    duplicateRoutes,
    subjectRoutes,
    jobRoutes,
    eventRoutes,
    transferRoutes,
  ])
    routes(app, context);
  await servePage(app, options.pageFolder ?? join(packageRoot(), 'dist/web'));
  return app;
}

function serverOptions({ config, logger }: AppOptions): FastifyServerOptions {
  return {
    logger: logger ?? false,
    genReqId: () => randomUUID(),
    // one line a request, written in lifecycle.ts
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length > 0 && config.trustProxy,
    requestTimeout: config.requestTimeoutMs,
    bodyLimit: config.maxBodyBytes,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    exposeHeadRoutes: false,
    // requests at shutdown are answered as problems, see lifecycle.ts
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  };
}

function urlFetcher({ config, network }: AppOptions): UrlFetcher {
  const { urlFetch, urlAllowHosts: allowHosts, maxImageBytes: maxBytes, urlTimeoutMs: timeoutMs } = config;
  const enabled = urlFetch === 'on';
  return new UrlFetcher({ enabled, allowHosts, maxBytes, timeoutMs, ...(network === undefined ? {} : { network }) });
}

async function addPlugins(app: App, config: ServerConfig): Promise<void> {
  // pages of other origins may show pictures where CORS lets them call
  await app.register(helmet, { crossOriginResourcePolicy: { policy: 'cross-origin' } });
  if (config.corsOrigins.length > 0) {
    const origin = config.corsOrigins.includes('*') ? '*' : config.corsOrigins;
    await app.register(cors, { origin, methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] });
  }
  if (config.rateLimitPerMinute > 0) {
    const errorResponseBuilder = (): LikenessError =>
      new LikenessError('rate_limited', `expected at most ${config.rateLimitPerMinute} requests a minute`);
    await app.register(rateLimit, { max: config.rateLimitPerMinute, timeWindow: '1 minute', errorResponseBuilder });
  }
  await app.register(multipart);
}

/** Bodies: a picture's bytes as one buffer, NDJSON as the stream itself; JSON is Fastify's own, multipart the plugin's. */
function acceptBodies(app: App, config: ServerConfig): void {
  app.setValidatorCompiler(validatorCompiler);
  // answers are typed by the same schemas; checking them once more would only cost the event loop
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  const options = { parseAs: 'buffer', bodyLimit: config.maxImageBytes } as const;
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, options, (_request, body, done) => done(null, body));
  app.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
}

function answerErrors(app: App): void {
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new LikenessError('not_found', `no route for ${request.method} here`), request, reply),
  );
}

function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = requestError(thrown);
  const problem = toProblem(error, { instance: request.url, requestId: request.id });
  if (problem.status >= 500 && problem.status !== 503) request.log.error({ err: thrown }, error.message);
  const retryAfterS = RETRY_AFTER_S[problem.status];
  if (retryAfterS !== undefined && !reply.hasHeader('retry-after')) void reply.header('retry-after', retryAfterS);
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
