import type { FastifyRequest } from 'fastify';
import type { CompareRequest, ComparedPicture } from '../engine/collection/compare/compare.js';
import { LikenessError } from '../engine/errors.js';
import type { RouteContext } from './app-types.js';
import { readParts } from './multipart.js';
import { parse } from './parse.js';
import { jsonBody, partLimits, referencedBytes } from './picture-input.js';
import { compareFieldsSchema, compareJsonSchema, type Compared } from './schemas/duplicates.js';

type ComparisonInput = Required<Pick<CompareRequest, 'a' | 'b' | 'picture'>>;

/** Reads two pictures: files a and b of a multipart body, or JSON. @throws `invalid_request`, `empty_body` */
export async function readComparison(request: FastifyRequest, context: RouteContext): Promise<ComparisonInput> {
  if (request.isMultipart()) return readFiles(request, context);
  const { a, b, picture } = parse(compareJsonSchema, jsonBody(request), 'body');
  // one after the other: each may fetch, and the slot's bytes are reserved as it goes
  const first = await toPicture(a, request, context);
  return { a: first, b: await toPicture(b, request, context), picture };
}

async function toPicture(given: Compared, request: FastifyRequest, context: RouteContext): Promise<ComparedPicture> {
  return given.id === undefined ? { bytes: await referencedBytes(given, request, context) } : { id: given.id };
}

async function readFiles(request: FastifyRequest, context: RouteContext): Promise<ComparisonInput> {
  const files = new Map<string, Buffer>();
  const fields: Record<string, unknown> = {};
  for await (const part of readParts(request, partLimits(context, 2))) {
    if (part.kind === 'field') fields[part.field] = part.value;
    else if (!['a', 'b'].includes(part.field) || files.has(part.field))
      throw new LikenessError('invalid_request', `expected one file in each of the fields a and b, got ${part.field}`);
    else files.set(part.field, part.bytes);
  }
  const [a, b] = [files.get('a'), files.get('b')];
  if (a === undefined || b === undefined)
    throw new LikenessError('empty_body', `expected files in the fields a and b, got ${files.size}`);
  return { a: { bytes: a }, b: { bytes: b }, ...parse(compareFieldsSchema, fields, 'fields') };
}
