import type { FastifyRequest } from 'fastify';
import type { PutAnswer } from '../../engine/collection/collection.js';
import type { App, RouteContext } from '../app-types.js';
import { pictureBodies } from '../openapi.js';
import { readPicture } from '../picture-input.js';
import {
  collectionParamsSchema,
  imageParamsSchema,
  pictureFactsSchema,
  pictureJsonSchema,
  pictureQuerySchema,
  putAnswerSchema,
  type PictureFacts,
  type PutResponse,
} from '../schemas.js';

const tags = ['images'];
const config = { heavy: true, bodies: pictureBodies(pictureFactsSchema, pictureJsonSchema) } as const;
const response = { 200: putAnswerSchema, 201: putAnswerSchema };

export function putImageRoutes(app: App, context: RouteContext): void {
  const put = async (
    request: FastifyRequest<{ Params: { collection: string; id?: string }; Querystring: PictureFacts }>,
  ): Promise<PutResponse> => {
    const { collection, id } = request.params;
    // asked for first, so that a wrong name is told of before anything is decoded or fetched
    const target = context.engine.get(collection);
    const picture = await readPicture(request, request.query, context);
    return answer(await target.put({ ...picture, ...(id === undefined ? {} : { id }), signal: request.clientGone }));
  };

  app.put(
    '/v1/collections/:collection/images/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Add or replace an image; doing it again changes nothing',
        params: imageParamsSchema,
        querystring: pictureQuerySchema,
        response,
      },
    },
    async (request, reply) => {
      const stored = await put(request);
      return reply.code(stored.outcome === 'added' ? 201 : 200).send(stored);
    },
  );

  app.post(
    '/v1/collections/:collection/images',
    {
      config,
      schema: {
        tags,
        summary: 'Add an image under an id that is made for it',
        params: collectionParamsSchema,
        querystring: pictureQuerySchema,
        response,
      },
    },
    async (request, reply) => {
      const stored = await put(request);
      const location = `/v1/collections/${request.params.collection}/images/${encodeURIComponent(stored.image.id)}`;
      return reply.code(201).header('location', location).send(stored);
    },
  );
}

function answer({ record, outcome, sequence, reused }: PutAnswer): PutResponse {
  return { image: record, outcome, sequence, reused };
}
