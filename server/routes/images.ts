import { parseFilter } from '../../engine/store/filter.js';
import { imageRecordSchema } from '../../engine/types.js';
import type { App, RouteContext } from '../app-types.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import {
  collectionParamsSchema,
  deleteAnswerSchema,
  existsAnswerSchema,
  existsSchema,
  imageParamsSchema,
  listAnswerSchema,
  listQuerySchema,
  patchAnswerSchema,
  patchSchema,
  thumbnailQuerySchema,
} from '../schemas.js';

const tags = ['images'];
/** Stored bytes are never to be taken for anything but a picture. */
const UNTRUSTED = { 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'private, no-cache' };
const KEPT_FOR_GOOD = { 'cache-control': 'private, max-age=31536000, immutable' };

/** Reading and changing stored images; adding them is in put-image.ts and batch.ts. */
export function imageRoutes(app: App, { engine }: RouteContext): void {
  app.get(
    '/v1/collections/:collection/images',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Images in order of id, page by page',
        params: collectionParamsSchema,
        querystring: listQuerySchema,
        response: { 200: listAnswerSchema },
      },
    },
    async ({ params, query }) => {
      const after = query.cursor === undefined ? {} : { after: decodeCursor(query.cursor) };
      const filter = query.filter === undefined ? {} : { filter: parseFilter(query.filter) };
      const { limit } = query;
      // one more than asked for tells whether there is a next page
      const found = await engine.get(params.collection).list({ ...after, ...filter, limit: limit + 1 });
      const images = found.slice(0, limit);
      const last = images.at(-1);
      return found.length > limit && last !== undefined ? { images, nextCursor: encodeCursor(last.id) } : { images };
    },
  );

  app.post(
    '/v1/collections/:collection/images/exists',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Which pictures are stored already, by SHA-256 of their bytes',
        params: collectionParamsSchema,
        body: existsSchema,
        response: { 200: existsAnswerSchema },
      },
    },
    async ({ params, body }) => ({ ids: await engine.get(params.collection).idsByContent(body.contentHashes) }),
  );

  app.get(
    '/v1/collections/:collection/images/:id',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'One record', params: imageParamsSchema, response: { 200: imageRecordSchema } },
    },
    ({ params }) => engine.get(params.collection).get(params.id),
  );

  app.get(
    '/v1/collections/:collection/images/:id/original',
    {
      config: { access: 'read', heavy: true, produces: ['image/*'] },
      schema: { tags, summary: 'The bytes as they were added', params: imageParamsSchema },
    },
    async ({ params }, reply) => {
      const { bytes, mediaType } = await engine.get(params.collection).original(params.id);
      return reply.headers(UNTRUSTED).type(mediaType).send(Buffer.from(bytes));
    },
  );

  app.get(
    '/v1/collections/:collection/images/:id/thumbnail',
    {
      config: { access: 'read', heavy: true, produces: ['image/webp'] },
      schema: {
        tags,
        summary: 'A small WebP picture',
        params: imageParamsSchema,
        querystring: thumbnailQuerySchema,
      },
    },
    async ({ params, query }, reply) => {
      const { bytes } = await engine.get(params.collection).thumbnail(params.id, query.size);
      void reply.headers(UNTRUSTED);
      if (query.v !== undefined) void reply.headers(KEPT_FOR_GOOD);
      return reply.type('image/webp').send(Buffer.from(bytes));
    },
  );

  app.patch(
    '/v1/collections/:collection/images/:id',
    {
      schema: {
        tags,
        summary: 'Change metadata',
        params: imageParamsSchema,
        body: patchSchema,
        response: { 200: patchAnswerSchema },
      },
    },
    async ({ params, body }) => {
      const { record, sequence } = await engine.get(params.collection).patchMetadata(params.id, body.metadata);
      return { image: record, sequence };
    },
  );

  app.delete(
    '/v1/collections/:collection/images/:id',
    {
      schema: { tags, summary: 'Remove an image', params: imageParamsSchema, response: { 200: deleteAnswerSchema } },
    },
    ({ params }) => engine.get(params.collection).delete(params.id),
  );
}
