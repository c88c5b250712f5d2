import type { FoundImage } from '../../engine/collection/image-search.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { Hit } from '../../engine/types.js';
import type { App, RouteContext } from '../app-types.js';
import { pictureBodies } from '../openapi.js';
import {
  collectionParamsSchema,
  searchAnswerSchema,
  searchJsonSchema,
  searchOptionsSchema,
  searchQueryStringSchema,
  type SearchOptions,
} from '../schemas.js';
import { z } from 'zod';
import { readSearch, toSearchRequest } from '../search-input.js';
import { roundMs, roundTimings, serverTiming } from '../timings.js';

export function searchRoutes(app: App, context: RouteContext): void {
  app.post(
    '/v1/collections/:collection/search',
    {
      config: {
        access: 'read',
        heavy: true,
        bodies: pictureBodies(z.object({ options: searchOptionsSchema.optional() }), searchJsonSchema),
        query: searchQueryStringSchema,
      },
      schema: {
        tags: ['search'],
        summary: 'The nearest images to a picture, a stored image, a descriptor, or the mean of several',
        params: collectionParamsSchema,
        response: { 200: searchAnswerSchema },
      },
    },
    async (request, reply) => {
      const collection = context.engine.get(request.params.collection);
      const input = await readSearch(request, context);
      const { hits, ...found } = await collection.search(toSearchRequest(input, request.clientGone));
      const timings = roundTimings(found.timings);
      const took = roundMs(reply.elapsedTime);
      context.metrics.noteStages(timings);
      void reply.header('server-timing', serverTiming({ ...timings, total: took }));
      return { ...found, timings, took, hits: hits.map((hit) => toHit(hit, input.options)) };
    },
  );
}

function toHit({ record, score, ...ranked }: FoundImage, { include }: SearchOptions): Hit {
  const { id, ...image } = record;
  return {
    id,
    score,
    distance: 1 - score,
    ...pickDefined(ranked, ['rankScore']),
    ...(include.includes('metadata') ? { metadata: record.metadata } : {}),
    ...(include.includes('image') ? { image } : {}),
  };
}
