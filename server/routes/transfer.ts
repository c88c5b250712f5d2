import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ImageWrite } from '../../engine/store/store.js';
import type { App, RouteContext } from '../app-types.js';
import { encodeFloats } from '../float-text.js';
import { NDJSON } from '../media-types.js';
import { encodeRegions } from '../region-text.js';
import { collectionParamsSchema, type TransferLine } from '../schemas.js';

const exportQuerySchema = z.strictObject({
  sample: z.coerce.number().int().min(1).describe('about so many images at most, spread over all').optional(),
});

/** The way out for records and descriptors; the way in is a batch with lines of op import. */
export function transferRoutes(app: App, { engine }: RouteContext): void {
  app.get(
    '/v1/collections/:collection/export',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'Every record with its descriptor, one a line',
        description: 'NDJSON in the order in which images were added; a batch takes the lines back with op "import".',
        params: collectionParamsSchema,
        querystring: exportQuerySchema,
        response: { 200: z.any() },
      },
    },
    (request, reply) => {
      const images = engine.get(request.params.collection).exportImages(request.query.sample);
      return reply.type(NDJSON).send(Readable.from(toLines(images)));
    },
  );
}

async function* toLines(images: AsyncIterable<ImageWrite>): AsyncGenerator<string> {
  for await (const { descriptor, regions, createdAt = '', updatedAt = '', ...record } of images) {
    const vectors = { descriptor: encodeFloats(descriptor), ...encodeRegions(regions) };
    const line: TransferLine = { ...record, createdAt, updatedAt, ...vectors };
    yield `${JSON.stringify(line)}\n`;
  }
}
