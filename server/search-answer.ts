import type { FastifyReply } from 'fastify';
import type { FoundImage } from '../engine/collection/image-search.js';
import type { SearchAnswer } from '../engine/collection/run-search.js';
import { pickDefined } from '../engine/pick-defined.js';
import type { Hit } from '../engine/types.js';
import type { RouteContext } from './app-types.js';
import type { SearchOptions, SearchResponse } from './schemas.js';
import { roundMs, roundTimings, serverTiming } from './timings.js';

/** @returns the engine's answer as it goes over HTTP; its timings go into the header and the metrics too. */
export function toSearchResponse(
  { hits, ...found }: SearchAnswer,
  include: SearchOptions['include'],
  reply: FastifyReply,
  { metrics }: RouteContext,
): SearchResponse {
  const timings = roundTimings(found.timings);
  const took = roundMs(reply.elapsedTime);
  metrics.noteStages(timings);
  void reply.header('server-timing', serverTiming({ ...timings, total: took }));
  return { ...found, timings, took, hits: hits.map((hit) => toHit(hit, include)) };
}

function toHit({ record, score, ...ranked }: FoundImage, include: SearchOptions['include']): Hit {
  const { id, ...image } = record;
  return {
    id,
    score,
    distance: 1 - score,
    ...pickDefined(ranked, ['box', 'rankScore', 'verdict', 'probability']),
    ...(include.includes('metadata') ? { metadata: record.metadata } : {}),
    ...(include.includes('image') ? { image } : {}),
  };
}
