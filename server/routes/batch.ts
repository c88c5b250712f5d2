import { Readable } from 'node:stream';
import { z } from 'zod';
import type { App, RouteContext } from '../app-types.js';
import { readBatch } from '../batch-input.js';
import { NDJSON } from '../media-types.js';
import { LikenessError } from '../../engine/errors.js';
import { runBatch } from '../run-batch.js';
import {
  batchAnswerSchema,
  batchItemsSchema,
  batchLineSchema,
  collectionParamsSchema,
  type BatchResult,
} from '../schemas.js';

/** Items worked on at once for each inference thread: one is decoded or committed while another is inferred. */
const ITEMS_PER_THREAD = 3;

export function batchRoutes(app: App, context: RouteContext): void {
  app.post(
    '/v1/collections/:collection/images/batch',
    {
      config: {
        heavy: true,
        bodies: {
          [NDJSON]: batchLineSchema,
          'multipart/form-data': z.object({ items: batchItemsSchema.optional(), image: z.any() }),
        },
      },
      schema: {
        tags: ['images'],
        summary: 'Add and delete many images',
        description:
          'An answer for each item, in order; a bad item does not stop the others. With Accept: application/x-ndjson the ' +
          'answers come one a line, as they are ready.',
        params: collectionParamsSchema,
        response: { 200: batchAnswerSchema },
      },
    },
    async (request, reply) => {
      const collection = context.engine.get(request.params.collection);
      if (!request.isMultipart()) checkIsStream(request.body);
      const parallel = context.engine.services.extractor.stats.threads * ITEMS_PER_THREAD;
      const items = readBatch(request, context);
      const results = runBatch(collection, items, {
        parallel,
        signal: request.clientGone,
        // the answer tells little of what went wrong inside, so the log must
        onError: (error) => request.log.info({ err: error }, 'batch item failed'),
      });
      if (request.headers.accept?.includes(NDJSON) === true)
        return reply.type(NDJSON).send(Readable.from(toLines(results)) as never);
      const done = await collect(results);
      return { items: done, failed: done.filter(({ error }) => error !== undefined).length };
    },
  );
}

/** The parser of NDJSON hands its stream on; any other body was parsed to something else. */
function checkIsStream(body: unknown): void {
  if (body === undefined) throw new LikenessError('empty_body', 'expected a body of NDJSON or multipart, got none');
  if (body instanceof Readable) return;
  throw new LikenessError('unsupported_media_type', `expected a body of ${NDJSON} or multipart/form-data`);
}

async function* toLines(results: AsyncIterable<BatchResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(result)}\n`;
}

async function collect(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const all: BatchResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}
