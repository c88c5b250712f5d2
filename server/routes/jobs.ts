import { z } from 'zod';
import { pickDefined } from '../../engine/pick-defined.js';
import { jobSchema, type Job } from '../../engine/collection/jobs.js';
import type { App, RouteContext } from '../app-types.js';
import { collectionParamsSchema, jobParamsSchema, newJobSchema, type WantedJob } from '../schemas.js';
import type { ServedCollection } from '../served.js';

const tags = ['jobs'];
const BODY_LIMIT_BYTES = 16 * 1024;

/** Long work on a collection: started, then asked about. Jobs are told of until the next start. */
export function jobRoutes(app: App, { engine }: RouteContext): void {
  app.post(
    '/v1/collections/:collection/jobs',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        tags,
        summary:
          'Start re-embedding with another model or chain, a check, a calibration, training a category head, means of domains, or tuning',
        params: collectionParamsSchema,
        body: newJobSchema,
        response: { 202: jobSchema },
      },
    },
    async (request, reply) => {
      const collection = engine.get(request.params.collection);
      const job = startJob(collection, request.body);
      return reply.code(202).header('location', `/v1/collections/${collection.name}/jobs/${job.id}`).send(job);
    },
  );

  app.get(
    '/v1/collections/:collection/jobs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Jobs since the last start, newest first',
        params: collectionParamsSchema,
        response: { 200: z.object({ jobs: z.array(jobSchema) }) },
      },
    },
    (request) => ({ jobs: engine.get(request.params.collection).jobs.list() }),
  );

  app.get(
    '/v1/collections/:collection/jobs/:job',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'How far a job is', params: jobParamsSchema, response: { 200: jobSchema } },
    },
    (request) => engine.get(request.params.collection).jobs.get(request.params.job),
  );
}

function startJob(collection: ServedCollection, wanted: WantedJob): Job {
  switch (wanted.kind) {
    case 'reembed':
      return collection.startReembed(wanted);
    case 'tune':
      return collection.startTune(wanted);
    case 'verify':
      return collection.startVerify(wanted);
    case 'learn-domains':
      return collection.startLearnDomains(wanted);
    case 'train-head': {
      const { kind, ...options } = wanted;
      return collection.startTrainHead(options);
    }
    case 'calibrate':
      return collection.startCalibrate(pickDefined(wanted, ['images']));
  }
}
