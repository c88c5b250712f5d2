import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { LoggedSearchRequest, RecalledPart } from '../engine/collection/logged-search.js';
import { picturePlaces, type PicturePlaces } from '../engine/collection/picture-places.js';
import { checkQueryCount, MAX_QUERIES, type QueryPart } from '../engine/collection/query.js';
import { LikenessError } from '../engine/errors.js';
import { pickDefined } from '../engine/pick-defined.js';
import { parseFilter } from '../engine/store/filter.js';
import type { RouteContext } from './app-types.js';
import { isPictureType } from './media-types.js';
import { collectMasked, type MaskedPicture } from './multipart.js';
import { parse } from './parse.js';
import { jsonBody, maskBytes, partLimits, rawBytes, referencedBytes } from './picture-input.js';
import {
  searchJsonSchema,
  searchOptionsSchema,
  searchQueryStringSchema,
  type Query,
  type SearchOptions,
} from './schemas.js';

/** Options belong where the form of the body puts them; elsewhere they would be passed over in silence. */
const emptySchema = z
  .array(z.string())
  .max(0, { error: (issue) => `expected nothing here, got ${JSON.stringify(issue.input)}` });

type AskedPart = QueryPart | RecalledPart;

/** What a search asks for, in whatever form it came. */
export interface SearchInput {
  queries: AskedPart[];
  options: SearchOptions;
}

/** Reads a search from raw bytes with options in the query string, multipart with field `options`, or JSON. */
export async function readSearch(request: FastifyRequest, context: RouteContext): Promise<SearchInput> {
  if (isPictureType(request.headers['content-type'])) {
    const options = parse(searchQueryStringSchema, request.query, 'querystring');
    return { queries: pictures([{ bytes: rawBytes(request) }], options), options };
  }
  parse(emptySchema, Object.keys(request.query as object), 'querystring');
  return request.isMultipart() ? readMultipart(request, context) : readJson(request, context);
}

/** @returns the search as the engine takes it. @throws `invalid_filter` */
export function toSearchRequest({ queries, options }: SearchInput, signal: AbortSignal): LoggedSearchRequest {
  const { k, offset, exact, filter } = options;
  const rest = pickDefined(options, [
    'ef',
    'minScore',
    'minVerdict',
    'minSequence',
    'ranking',
    'category',
    'within',
    'text',
    'fusion',
    'across',
  ]);
  return {
    queries,
    k,
    offset,
    exact,
    signal,
    ...rest,
    ...(filter === undefined ? {} : { filter: parseFilter(filter) }),
  };
}

async function readMultipart(request: FastifyRequest, context: RouteContext): Promise<SearchInput> {
  const { pictures: given, fields } = await collectMasked(request, partLimits(context, 2 * MAX_QUERIES));
  const { options: asked = {}, ...others } = fields;
  parse(emptySchema, Object.keys(others), 'fields');
  const options = parse(searchOptionsSchema, asked, 'options');
  if (given.length === 0 && options.text === undefined)
    throw new LikenessError('empty_body', 'expected a file in field image, got none');
  return { queries: pictures(given, options), options };
}

async function readJson(request: FastifyRequest, context: RouteContext): Promise<SearchInput> {
  const body = parse(searchJsonSchema, jsonBody(request), 'body');
  const queries: AskedPart[] = [];
  // one after the other: each may fetch, and the slot's bytes are reserved as it goes
  for (const query of body.queries ?? oneOrNone(body)) queries.push(...(await toParts(query, body, request, context)));
  checkQueryCount(queries.length);
  return { queries, options: body };
}

/** @returns the query that stands in the body itself; none where a text stands alone. */
function oneOrNone(body: Query): Query[] {
  const given = [body.imageBase64, body.imageUrl, body.id, body.queryId, body.descriptor];
  return given.some((value) => value !== undefined) ? [body] : [];
}

async function toParts(
  query: Query,
  options: SearchOptions,
  request: FastifyRequest,
  context: RouteContext,
): Promise<AskedPart[]> {
  const { id, queryId, descriptor, fingerprint } = query;
  const weight = pickDefined(query, ['weight']);
  if (id !== undefined) return [{ kind: 'id', id, ...weight }];
  if (queryId !== undefined) return [{ kind: 'query', queryId, ...weight }];
  if (descriptor !== undefined)
    return [{ kind: 'descriptor', vector: Float32Array.from(descriptor), fingerprint: fingerprint ?? '', ...weight }];
  const bytes = await referencedBytes(query, request, context);
  return pictureParts(
    { bytes, ...maskBytes(query, context), ...weight },
    query.region === undefined ? options : { ...options, regions: [query.region], subject: undefined },
  );
}

/** @throws `invalid_request` if weights are given, but not one for each picture */
function pictures(given: MaskedPicture[], { weights, ...options }: SearchOptions): QueryPart[] {
  if (weights !== undefined && weights.length !== given.length) {
    const message = `options.weights: expected ${given.length}, one for each picture, got ${weights.length}`;
    throw new LikenessError('invalid_request', message);
  }
  const parts = given.flatMap((picture, i) =>
    pictureParts({ ...picture, ...pickDefined({ weight: weights?.[i] }, ['weight']) }, options),
  );
  checkQueryCount(parts.length);
  return parts;
}

/** @returns a query for each place of the picture that the options name. */
function pictureParts(
  picture: MaskedPicture & { weight?: number },
  options: Pick<SearchOptions, 'inputs' | keyof PicturePlaces>,
): QueryPart[] {
  const places = picturePlaces(options);
  return places.map((place) => ({ kind: 'image', ...picture, ...place, ...pickDefined(options, ['inputs']) }));
}
