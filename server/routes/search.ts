import type { App, RouteContext } from '../app-types.js';
import { pictureBodies } from '../openapi.js';
import {
  collectionParamsSchema,
  searchAnswerSchema,
  searchJsonSchema,
  searchOptionsSchema,
  searchQueryStringSchema,
} from '../schemas.js';
import { z } from 'zod';
import { toSearchResponse } from '../search-answer.js';
import { readSearch, toSearchRequest } from '../search-input.js';

const maskSchema = z
  .any()
  .meta({ description: 'a file after the one in image: what is black in it does not count; may be left out' });

export function searchRoutes(app: App, context: RouteContext): void {
  app.post(
    '/v1/collections/:collection/search',
    {
      config: {
        access: 'read',
        heavy: true,
        bodies: pictureBodies(
          z.object({ options: searchOptionsSchema.optional(), mask: maskSchema }),
          searchJsonSchema,
        ),
        query: searchQueryStringSchema,
      },
      schema: {
        tags: ['search'],
        summary:
          'The nearest images to a picture, a stored image, a descriptor, or several of them, also as counter-examples',
        params: collectionParamsSchema,
        response: { 200: searchAnswerSchema },
      },
    },
    async (request, reply) => {
      const collection = context.engine.get(request.params.collection);
      const input = await readSearch(request, context);
      const found = await collection.search(toSearchRequest(input, request.clientGone));
      return toSearchResponse(found, input.options.include, reply, context);
    },
  );
}
