import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { LoggedQuery } from '../store/query-log.js';
import type { Json } from '../types.js';
import type { Epoch } from './epoch.js';
import { checkQueryCount, type QueryFacts, type QueryPart, type ResolvedPart } from './query.js';
import type { QueryKeeper } from './query-keeper.js';
import { resolveQueries, runSearch, type SearchAnswer, type SearchRequest, type SearchTools } from './run-search.js';

/** Which part of the ranking is wanted; what is absent is as it was asked first. */
export interface QueryPage {
  k?: number;
  offset?: number;
  signal?: AbortSignal;
}

export interface FeedbackRequest {
  queryId: string;
  /** Ids of the images that were looked at, best first. */
  shown: string[];
  /** Those of them that were chosen; none is an answer too. */
  clicked: string[];
}

/** What a search of late was by, to search by it otherwise: with another filter, or with more beside it. */
export interface RecalledPart {
  kind: 'query';
  queryId: string;
  /** By which the weights that it had are multiplied. */
  weight?: number;
}

export type LoggedSearchRequest = Omit<SearchRequest, 'queries'> & { queries: (QueryPart | RecalledPart)[] };

/** What a search of a collection works with, and where it is noted. */
export interface SearchContext extends SearchTools {
  log: QueryKeeper;
}

/** Searches, and keeps the query under the id that the answer names. @throws as {@link runSearch}, and for recalled parts as {@link searchAgain} */
export async function searchAndLog(
  { log, ...tools }: SearchContext,
  request: LoggedSearchRequest,
): Promise<SearchAnswer> {
  const queries = await resolveQueries(tools.epoch, { ...request, queries: await recall(tools.epoch, log, request) });
  const answer = await runSearch(tools, { ...request, queries });
  const parts = queries.map(({ vector, facts }) => ({ vector, facts: facts as unknown as Json }));
  const queryId = log.note(answer.fingerprint, parts, repeatableOptions(request));
  return queryId === undefined ? answer : { ...answer, queryId };
}

/**
 * Answers a query again, from its descriptors and options as they were, over the images as they are now.
 * @throws `query_not_found`; `fingerprint_mismatch` if the collection has another model since
 */
export async function searchAgain(
  { log, ...tools }: SearchContext,
  queryId: string,
  page: QueryPage,
): Promise<SearchAnswer> {
  const query = await log.get(queryId);
  const queries = resolvedParts(query, tools.epoch);
  const options = query.options as unknown as Omit<SearchRequest, 'queries'>;
  const asked = { ...options, ...pickDefined(page, ['k', 'offset', 'signal']), queries };
  return { ...(await runSearch(tools, asked)), queryId };
}

/**
 * Stores which images of an answer were chosen; durable when it returns. Nothing is learned from it by itself.
 * @throws `query_not_found`, `image_not_found`, `invalid_request` if something was clicked that was not shown
 */
export async function addFeedback(
  epoch: Epoch,
  log: QueryKeeper,
  { queryId, shown, clicked }: FeedbackRequest,
): Promise<{ id: string; createdAt: string }> {
  refuseRepeats('shown', shown);
  refuseRepeats('clicked', clicked);
  const unseen = clicked.find((id) => !shown.includes(id));
  if (unseen !== undefined)
    throw new LikenessError('invalid_request', `clicked: expected ids that were shown, got ${JSON.stringify(unseen)}`);
  const query = await log.get(queryId);
  await refuseUnknownImages(epoch, shown);
  const { id, createdAtMs } = await log.addFeedback(query, shown, clicked);
  return { id, createdAt: new Date(createdAtMs).toISOString() };
}

/** @returns the parts with those of searches of late in place of what names these. */
async function recall(epoch: Epoch, log: QueryKeeper, { queries }: LoggedSearchRequest): Promise<QueryPart[]> {
  const parts: QueryPart[] = [];
  for (const part of queries) {
    if (part.kind !== 'query') parts.push(part);
    else parts.push(...resolvedParts(await log.get(part.queryId), epoch).map((past) => weighted(past, part.weight)));
  }
  checkQueryCount(parts.length);
  return parts;
}

function weighted(part: ResolvedPart, by = 1): ResolvedPart {
  return by === 1 ? part : { ...part, facts: { ...part.facts, weight: by * (part.facts.weight ?? 1) } };
}

/** @throws `fingerprint_mismatch` */
function resolvedParts(query: LoggedQuery, epoch: Epoch): ResolvedPart[] {
  refuseOtherModel(query, epoch);
  return query.parts.map(({ vector, facts }) => ({
    kind: 'resolved',
    vector,
    facts: facts as unknown as QueryFacts,
    timings: {},
  }));
}

/** What makes the same answer again: not the pictures, which are descriptors by now, and not how long to wait. */
function repeatableOptions(request: LoggedSearchRequest): Json {
  const { queries, signal, minSequence, ...options } = request;
  return options as unknown as Json;
}

function refuseOtherModel(query: LoggedQuery, epoch: Epoch): void {
  const { fingerprint } = epoch.model;
  if (query.fingerprint === fingerprint) return;
  const message = `expected a query of fingerprint ${fingerprint}, got one of ${query.fingerprint}: the collection has another model since`;
  throw new LikenessError('fingerprint_mismatch', message);
}

function refuseRepeats(name: string, ids: readonly string[]): void {
  const repeated = ids.find((id, i) => ids.indexOf(id) !== i);
  if (repeated !== undefined)
    throw new LikenessError('invalid_request', `${name}: expected each id once, got ${JSON.stringify(repeated)} twice`);
}

async function refuseUnknownImages({ store }: Epoch, ids: string[]): Promise<void> {
  const found = new Set((await store.getMany(ids)).map(({ id }) => id));
  const unknown = ids.find((id) => !found.has(id));
  if (unknown !== undefined)
    throw new LikenessError('image_not_found', `shown: expected ids of stored images, got ${JSON.stringify(unknown)}`, {
      details: { id: unknown },
    });
}
