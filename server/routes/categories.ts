import type { App, RouteContext } from '../app-types.js';
import { collectionParamsSchema } from '../schemas.js';
import { categoriesAnswerSchema } from '../schemas/categories.js';

export function categoryRoutes(app: App, { engine }: RouteContext): void {
  app.get(
    '/v1/collections/:collection/categories',
    {
      config: { access: 'read' },
      schema: {
        tags: ['search'],
        summary: 'The field that searches predict, and the head that was trained: on what, and how well it does',
        params: collectionParamsSchema,
        response: { 200: categoriesAnswerSchema },
      },
    },
    (request) => engine.get(request.params.collection).categories(),
  );
}
