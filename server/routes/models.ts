import { DEFAULT_MODEL } from '../../engine/model/registry.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { App, RouteContext } from '../app-types.js';
import { modelListSchema } from '../schemas/session.js';

/** The backbones that a collection can be made with. */
export function modelRoutes(app: App, { engine }: RouteContext): void {
  app.get(
    '/v1/models',
    {
      config: { access: 'read' },
      schema: { tags: ['collections'], summary: 'The installed models', response: { 200: modelListSchema } },
    },
    async () => {
      const models = await engine.services.models.list();
      return {
        models: models.map(({ name, bundled, ...model }) => ({
          ...{ name, bundled, default: name === DEFAULT_MODEL },
          ...pickDefined(model, ['problem']),
        })),
      };
    },
  );
}
