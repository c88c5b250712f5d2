import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEFAULT_COLLECTION } from '../../engine/engine.js';
import type { App, RouteContext } from '../app-types.js';
import { pictureBodies } from '../openapi.js';
import { readPictureAlone } from '../picture-input.js';
import {
  collectionParamsSchema,
  onePictureJsonSchema,
  subjectsAnswerSchema,
  type SubjectsResponse,
} from '../schemas.js';
import { roundTimings, serverTiming } from '../timings.js';

const config = { access: 'read', heavy: true, bodies: pictureBodies(z.object(), onePictureJsonSchema) } as const;
const shared = { tags: ['search'], querystring: z.strictObject({}), response: { 200: subjectsAnswerSchema } };

/** What a picture that is not stored shows: boxes that a search can take as its region. */
export function subjectRoutes(app: App, context: RouteContext): void {
  const find = async (name: string, request: FastifyRequest): Promise<SubjectsResponse> => {
    const collection = context.engine.get(name);
    const bytes = await readPictureAlone(request, context);
    const { subjects, facts, timings } = await collection.findSubjects(bytes, request.clientGone);
    context.metrics.noteStages(timings);
    return { subjects, width: facts.width, height: facts.height, timings: roundTimings(timings) };
  };

  app.post(
    '/v1/collections/:collection/subjects',
    {
      config,
      schema: {
        ...shared,
        summary: "A picture's subjects, as this collection finds them",
        params: collectionParamsSchema,
      },
    },
    async (request, reply) => {
      const found = await find(request.params.collection, request);
      return reply.header('server-timing', serverTiming(found.timings)).send(found);
    },
  );

  app.post(
    '/v1/subjects',
    { config, schema: { ...shared, summary: "A picture's subjects, as the default collection finds them" } },
    async (request, reply) => {
      const found = await find(DEFAULT_COLLECTION, request);
      return reply.header('server-timing', serverTiming(found.timings)).send(found);
    },
  );
}
