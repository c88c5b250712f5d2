import { z } from 'zod';
import type { App, RouteContext } from '../app-types.js';
import { readComparison } from '../compare-input.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { collectionParamsSchema } from '../schemas.js';
import {
  compareAnswerSchema,
  compareFieldsSchema,
  compareJsonSchema,
  duplicatesAnswerSchema,
  duplicatesQuerySchema,
} from '../schemas/duplicates.js';

const file = z.any().meta({ description: 'a file' });

/** Which images are the same, and what two pictures have in common. */
export function duplicateRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/collections/:collection/duplicates',
    {
      config: { access: 'read', heavy: true },
      schema: {
        tags: ['search'],
        summary: 'Groups of images that are duplicates of each other, page by page',
        params: collectionParamsSchema,
        querystring: duplicatesQuerySchema,
        response: { 200: duplicatesAnswerSchema },
      },
    },
    async ({ params, query: { cursor, ...wanted } }) => {
      const after = cursor === undefined ? {} : { after: decodeCursor(cursor) };
      const page = await context.engine.get(params.collection).duplicates({ ...wanted, ...after });
      const { next, ...found } = page;
      return { ...found, ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }) };
    },
  );

  app.post(
    '/v1/collections/:collection/compare',
    {
      config: {
        access: 'read',
        heavy: true,
        bodies: {
          'multipart/form-data': compareFieldsSchema.extend({ a: file, b: file }),
          'application/json': compareJsonSchema,
        },
      },
      schema: {
        tags: ['search'],
        summary: 'What two pictures are to each other, by descriptor, hash and key points',
        params: collectionParamsSchema,
        response: { 200: compareAnswerSchema },
      },
    },
    async (request) => {
      const collection = context.engine.get(request.params.collection);
      const wanted = await readComparison(request, context);
      const { picture, ...found } = await collection.compare({ ...wanted, signal: request.clientGone });
      const drawn = picture === undefined ? {} : { pictureBase64: Buffer.from(picture).toString('base64') };
      return { ...found, distance: 1 - found.score, ...drawn };
    },
  );
}
