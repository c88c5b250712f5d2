import type { App, RouteContext } from '../app-types.js';
import { collectionParamsSchema, searchAnswerSchema } from '../schemas.js';
import { feedbackAnswerSchema, feedbackSchema, queryPageSchema, queryParamsSchema } from '../schemas/queries.js';
import { toSearchResponse } from '../search-answer.js';

const tags = ['search'];
/** A thousand ids of 512 characters, twice. */
const FEEDBACK_LIMIT_BYTES = 4 * 1024 * 1024;

/** Searches of late: asked again to share or page them, and told which hits were chosen. */
export function queryRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/collections/:collection/queries/:queryId',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A search of late again: its descriptors and options as they were, over the images as they are now',
        params: queryParamsSchema,
        querystring: queryPageSchema,
        response: { 200: searchAnswerSchema },
      },
    },
    async (request, reply) => {
      const { collection, queryId } = request.params;
      const { include, ...page } = request.query;
      const found = await context.engine.get(collection).searchAgain(queryId, { ...page, signal: request.clientGone });
      return toSearchResponse(found, include, reply, context);
    },
  );

  app.post(
    '/v1/collections/:collection/feedback',
    {
      bodyLimit: FEEDBACK_LIMIT_BYTES,
      // whoever may search may say what they chose: nothing is learned from it until somebody who may write asks for it
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Tell which images of an answer were chosen; stored for `tune`, and never learned from by itself',
        params: collectionParamsSchema,
        body: feedbackSchema,
        response: { 201: feedbackAnswerSchema },
      },
    },
    async (request, reply) => {
      const stored = await context.engine.get(request.params.collection).addFeedback(request.body);
      return reply.code(201).send(stored);
    },
  );
}
