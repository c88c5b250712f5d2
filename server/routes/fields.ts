import type { App, RouteContext } from '../app-types.js';
import { collectionParamsSchema } from '../schemas.js';
import { fieldsAnswerSchema } from '../schemas/fields.js';

/** Images that are looked at for the fields of a collection; more would say little more. */
const LOOKED_AT = 5000;

/** What the metadata of a collection hold, so that a filter can be put together from it. */
export function fieldRoutes(app: App, { engine }: RouteContext): void {
  app.get(
    '/v1/collections/:collection/fields',
    {
      config: { access: 'read' },
      schema: {
        tags: ['images'],
        summary: 'The metadata fields with their types and most frequent values',
        description: `Counted over at most about ${LOOKED_AT} images, spread over the collection.`,
        params: collectionParamsSchema,
        response: { 200: fieldsAnswerSchema },
      },
    },
    ({ params }) => engine.get(params.collection).fields(LOOKED_AT),
  );
}
