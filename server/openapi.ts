import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from './app-types.js';
import { problemSchema } from './schemas.js';

/** Body schemas by content type; `bytes` is a body of raw bytes. */
export type Bodies = Readonly<Record<string, z.ZodType | 'bytes'>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For the document: bodies that the route reads itself, since they differ by content type. */
    bodies?: Bodies;
    /** For the document: a query string that the route checks itself. */
    query?: z.ZodType;
    /** For the document: content types of answers that are no JSON. */
    produces?: readonly string[];
  }
}

const BYTES = { type: 'string', format: 'binary' } as const;

/** @returns the three forms in which routes take pictures: raw, multipart with further fields, JSON. */
export function pictureBodies(fields: z.ZodObject, json: z.ZodType): Bodies {
  const image = z.any().meta({ description: 'a file' });
  return { 'image/*': 'bytes', 'multipart/form-data': fields.extend({ image }), 'application/json': json };
}

/** Makes the OpenAPI document from the routes' schemas, at /openapi.json, and a page to read it at /docs. */
export async function describeApi(app: App, options: { version: string; docs: boolean }): Promise<void> {
  const components = {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    },
  } as const;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Likeness', description: 'Content-based image retrieval', version: options.version },
      components,
      security: [{}, { bearer: [] }, { key: [] }],
    },
    transform: documentRoute,
  });
  if (options.docs) await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, logLevel: 'warn' });
  app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, () => app.swagger());
}

type RouteTransform = ReturnType<typeof createJsonSchemaTransform>;

const fromZod: RouteTransform = createJsonSchemaTransform({});

/** Adds to what the zod schemas say: bodies by content type, answers of bytes, and the problem that any route may give. */
const documentRoute: RouteTransform = (document) => {
  const { schema, url } = fromZod(document);
  if (schema['hide'] === true) return { schema, url };
  const { bodies, query, produces } = document.route.config ?? {};
  const response = {
    ...(schema.response as object | undefined),
    ...(produces === undefined ? {} : { 200: { description: 'the bytes', content: contentOf(produces, BYTES) } }),
    default: { description: 'a problem', content: contentOf(['application/problem+json'], toJson(problemSchema)) },
  };
  return {
    url,
    schema: {
      ...schema,
      response,
      ...(bodies === undefined ? {} : { body: { content: mapBodies(bodies) } }),
      ...(query === undefined ? {} : { querystring: toJson(query) }),
    },
  };
};

function contentOf(types: readonly string[], schema: object): Record<string, { schema: object }> {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function mapBodies(bodies: Bodies): Record<string, { schema: object }> {
  const entries = Object.entries(bodies);
  return Object.fromEntries(entries.map(([type, body]) => [type, { schema: body === 'bytes' ? BYTES : toJson(body) }]));
}

function toJson(schema: z.ZodType): object {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  delete json.$schema;
  return json;
}
