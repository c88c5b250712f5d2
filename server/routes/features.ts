import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { DEFAULT_COLLECTION } from '../../engine/engine.js';
import { LikenessError } from '../../engine/errors.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { App, RouteContext } from '../app-types.js';
import { isPictureType } from '../media-types.js';
import { collectParts } from '../multipart.js';
import { pictureBodies } from '../openapi.js';
import { parse } from '../parse.js';
import { jsonBody, partLimits, rawBytes, referencedBytes } from '../picture-input.js';
import {
  collectionParamsSchema,
  featuresAnswerSchema,
  featuresFieldsSchema,
  featuresJsonSchema,
  featuresQuerySchema,
  type FeaturesResponse,
} from '../schemas.js';
import { roundTimings, serverTiming } from '../timings.js';

const config = {
  access: 'read',
  heavy: true,
  bodies: pictureBodies(featuresFieldsSchema, featuresJsonSchema),
} as const;
const shared = {
  tags: ['search'],
  querystring: featuresQuerySchema,
  response: { 200: featuresAnswerSchema },
};

/** The descriptor of a picture that is not stored, as a collection's model makes it. */
export function featureRoutes(app: App, context: RouteContext): void {
  const describe = async (name: string, request: FastifyRequest): Promise<FeaturesResponse> => {
    const collection = context.engine.get(name);
    const { bytes, ...place } = await readInput(request, context);
    const options = { signal: request.clientGone, ...pickDefined(place, ['region', 'context']) };
    const [described, { fingerprint }] = await Promise.all([collection.describe(bytes, options), collection.info()]);
    const { vector, facts, timings, ...more } = described;
    context.metrics.noteStages(timings);
    const { width, height } = facts;
    const descriptor = Array.from(vector);
    const size = { width, height, ...pickDefined(more, ['region']) };
    return { descriptor, dimension: vector.length, fingerprint, ...size, timings: roundTimings(timings) };
  };

  app.post(
    '/v1/collections/:collection/features',
    {
      config,
      schema: {
        ...shared,
        summary: "A picture's descriptor by this collection's model",
        params: collectionParamsSchema,
      },
    },
    async (request, reply) => {
      const features = await describe(request.params.collection, request);
      return reply.header('server-timing', serverTiming(features.timings)).send(features);
    },
  );

  app.post(
    '/v1/features',
    { config, schema: { ...shared, summary: "A picture's descriptor by the default collection's model" } },
    async (request, reply) => {
      const features = await describe(DEFAULT_COLLECTION, request);
      return reply.header('server-timing', serverTiming(features.timings)).send(features);
    },
  );
}

type FeaturesInput = z.infer<typeof featuresFieldsSchema> & { bytes: Buffer };

async function readInput(request: FastifyRequest, context: RouteContext): Promise<FeaturesInput> {
  const query = request.query as z.infer<typeof featuresQuerySchema>;
  if (isPictureType(request.headers['content-type'])) return { bytes: rawBytes(request), ...query };
  if (!request.isMultipart()) {
    const { region, context: share, ...picture } = parse(featuresJsonSchema, jsonBody(request), 'body');
    return { bytes: await referencedBytes(picture, request, context), region, context: share };
  }
  const { images, fields } = await collectParts(request, partLimits(context, 1));
  const [bytes] = images;
  if (bytes === undefined) throw new LikenessError('empty_body', 'expected a file in field image, got none');
  return { bytes, ...parse(featuresFieldsSchema, fields, 'fields') };
}
