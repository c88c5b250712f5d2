import { z } from 'zod';
import { defaultCollectionConfig } from '../../engine/config.js';
import { pickDefined } from '../../engine/pick-defined.js';
import { indexConfigSchema, type CollectionConfig } from '../../engine/types.js';
import type { App, RouteContext } from '../app-types.js';
import { infoOf } from '../collection-info.js';
import type { ServerConfig } from '../config.js';
import {
  collectionInfoSchema,
  collectionListSchema,
  collectionParamsSchema,
  namedCollectionSchema,
  newCollectionSchema,
  type CollectionAnswer,
  type NewCollection,
} from '../schemas.js';
import type { ServedEngine } from '../served.js';

const tags = ['collections'];
const BODY_LIMIT_BYTES = 64 * 1024;

export function collectionRoutes(app: App, { engine, config }: RouteContext): void {
  const create = async (name: string, body: NewCollection): Promise<CollectionAnswer> =>
    infoOf(await engine.create(name, collectionConfig(body, config)));

  app.get(
    '/v1/collections',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'All collections', response: { 200: collectionListSchema } },
    },
    async () => {
      const infos = await Promise.all(engine.list().map(infoOf));
      return { collections: [...infos, ...quarantined(engine)] };
    },
  );

  app.post(
    '/v1/collections',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        tags,
        summary: 'Make a collection',
        body: namedCollectionSchema,
        response: { 201: collectionInfoSchema },
      },
    },
    async (request, reply) => {
      const { name, ...body } = request.body;
      const info = await create(name, body);
      return reply.code(201).header('location', `/v1/collections/${name}`).send(info);
    },
  );

  app.put(
    '/v1/collections/:collection',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        tags,
        summary: 'Make a collection under this name',
        params: collectionParamsSchema,
        body: newCollectionSchema.nullish(),
        response: { 201: collectionInfoSchema },
      },
    },
    async (request, reply) => reply.code(201).send(await create(request.params.collection, request.body ?? {})),
  );

  app.get(
    '/v1/collections/:collection',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Counts, model and state of the index',
        params: collectionParamsSchema,
        response: { 200: collectionInfoSchema },
      },
    },
    (request) => infoOf(engine.get(request.params.collection)),
  );

  app.delete(
    '/v1/collections/:collection',
    {
      schema: {
        tags,
        summary: 'Remove a collection with all its images',
        params: collectionParamsSchema,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await engine.delete(request.params.collection);
      return reply.code(204).send();
    },
  );
}

function quarantined(engine: ServedEngine): CollectionAnswer[] {
  return engine.quarantined().map(({ name, error }) => ({ name, state: 'quarantined', reason: error.code }));
}

/** What the caller left out of the index's parameters is as the server's config says. */
function collectionConfig(body: NewCollection, config: ServerConfig): Partial<CollectionConfig> {
  const index = indexConfigSchema.parse({ ...defaultCollectionConfig(config).index, ...body.index });
  const fields = [
    'model',
    'chain',
    'scales',
    'keepOriginals',
    'ranking',
    'regions',
    'categoryField',
    'domainField',
    'textFields',
  ] as const;
  return { ...pickDefined(body, fields), index };
}
