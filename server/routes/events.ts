import { z } from 'zod';
import type { Job } from '../../engine/collection/jobs.js';
import type { App, RouteContext } from '../app-types.js';
import { infoOf } from '../collection-info.js';
import { EventStreams, type Look, type Watched } from '../event-stream.js';
import { EVENT_STREAM } from '../media-types.js';
import { collectionParamsSchema, jobParamsSchema, type CollectionAnswer } from '../schemas.js';
import type { ServedCollection } from '../served.js';

/** How often the counts of a collection are read, however many streams tell of them. */
const COUNTS_MS = 1000;

const config = { access: 'read', endless: true, produces: [EVENT_STREAM] } as const;
const response = { 200: z.any() };

/** What happens in a collection, told as it happens (server-sent events). */
export function eventRoutes(app: App, { engine }: RouteContext): void {
  const streams = new EventStreams(app.closing);
  const readCounts = sharedCounts();

  app.get(
    '/v1/collections/:collection/events',
    {
      config,
      schema: {
        tags: ['collections'],
        summary: 'Jobs and counts of a collection as they change',
        description:
          'Events `job` (data as of GET .../jobs/{job}) and `collection` (data as of GET /v1/collections/{collection}): at ' +
          'first the state of each, then each that changed. The stream goes on for an hour at most.',
        params: collectionParamsSchema,
        response,
      },
    },
    (request, reply) => {
      const collection = engine.get(request.params.collection);
      const look: Look = async () => {
        const counts = await readCounts(engine.get(collection.name));
        const jobs = collection.jobs.list().reverse();
        return { watched: [...jobs.map(watchedJob), watchedCounts(counts)], over: false };
      };
      return streams.answer(request, reply, look);
    },
  );

  app.get(
    '/v1/collections/:collection/jobs/:job/events',
    {
      config,
      schema: {
        tags: ['jobs'],
        summary: 'How far a job is, until it is over',
        description:
          'Events `job` with data as of GET .../jobs/{job}. The stream ends after the one whose state is not `running`.',
        params: jobParamsSchema,
        response,
      },
    },
    (request, reply) => {
      const { jobs } = engine.get(request.params.collection);
      const { id } = jobs.get(request.params.job);
      const look: Look = () => {
        const job = jobs.get(id);
        return Promise.resolve({ watched: [watchedJob(job)], over: job.state !== 'running' });
      };
      return streams.answer(request, reply, look);
    },
  );
}

function watchedJob(job: Job): Watched {
  return { event: 'job', key: job.id, version: `${job.state} ${job.done} ${job.total}`, data: job };
}

function watchedCounts(counts: CollectionAnswer): Watched {
  return { event: 'collection', key: '', version: JSON.stringify(counts), data: counts };
}

/** @returns what reads the counts of a collection, at most once a while. */
function sharedCounts(): (collection: ServedCollection) => Promise<CollectionAnswer> {
  const read = new WeakMap<ServedCollection, { at: number; counts: Promise<CollectionAnswer> }>();
  return (collection) => {
    const last = read.get(collection);
    if (last !== undefined && Date.now() - last.at < COUNTS_MS) return last.counts;
    const counts = infoOf(collection);
    read.set(collection, { at: Date.now(), counts });
    return counts;
  };
}
