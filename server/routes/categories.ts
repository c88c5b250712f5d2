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
        summary:
          'What was learned of categories and domains: the head, on what it was trained and how well it does; means of domains',
        params: collectionParamsSchema,
        response: { 200: categoriesAnswerSchema },
      },
    },
    (request) => engine.get(request.params.collection).categories(),
  );
}
