import type { FastifyRequest } from 'fastify';
import { LikenessError, toLikenessError } from '../engine/errors.js';
import type { ImageWrite } from '../engine/store/store.js';
import type { RouteContext } from './app-types.js';
import { decodeFloats } from './float-text.js';
import { readLines, type Line } from './lines.js';
import { readParts } from './multipart.js';
import { decodeRegions } from './region-text.js';
import { parse, parseJson } from './parse.js';
import { checkSource, partLimits, resolvePicture, withFacts, type PictureInput } from './picture-input.js';
import { batchItemsSchema, batchLineSchema, type BatchItem, type BatchLine } from './schemas.js';

/** One item of a batch as it was read: what to do, or why that cannot be known. */
export type BatchInput =
  | { op: 'put'; id?: string; picture: () => Promise<PictureInput> }
  | { op: 'delete'; id: string }
  | { op: 'import'; id: string; write: ImageWrite; fingerprint: string }
  | { op: 'fault'; id?: string; error: LikenessError };

/**
 * The items of a body of NDJSON or multipart, read as they are asked for. A damaged item is a fault and the next goes on; a
 * body that is damaged as a whole, or goes past a cap, ends with a fault.
 */
export async function* readBatch(request: FastifyRequest, context: RouteContext): AsyncGenerator<BatchInput> {
  const items = request.isMultipart() ? fromMultipart(request, context) : fromLines(request, context);
  const { maxBatchImages } = context.config;
  let count = 0;
  try {
    for await (const item of items) {
      count += 1;
      if (count > maxBatchImages) throw tooManyItems(maxBatchImages);
      yield item;
    }
  } catch (error) {
    yield { op: 'fault', error: toLikenessError(error) };
  }
}

async function* fromLines(request: FastifyRequest, context: RouteContext): AsyncGenerator<BatchInput> {
  const { maxBodyBytes, maxImageBytes } = context.config;
  // a picture in base64 takes 4/3 of its bytes; metadata and names come on top
  const maxLineBytes = Math.ceil(maxImageBytes / 3) * 4 + 128 * 1024;
  let total = 0;
  const countBytes = (length: number): void => {
    total += length;
    if (total > maxBodyBytes) throw tooManyBytes(`a body of at most ${maxBodyBytes} bytes`);
  };
  for await (const line of readLines(request.body as AsyncIterable<Buffer>, maxLineBytes, countBytes))
    yield toInput(line, maxLineBytes, request, context);
}

function toInput(line: Line, maxLineBytes: number, request: FastifyRequest, context: RouteContext): BatchInput {
  if ('tooLong' in line) return { op: 'fault', error: tooManyBytes(`a line of at most ${maxLineBytes} bytes`) };
  try {
    const item = parse(batchLineSchema, parseJson(line.text, 'line'), 'line');
    if (item.op === 'delete') return { op: 'delete', id: item.id };
    if (item.op === 'import') return toImport(item, request);
    const { id } = item;
    return { op: 'put', ...(id === undefined ? {} : { id }), picture: () => resolvePicture(item, request, context) };
  } catch (error) {
    return { op: 'fault', error: toLikenessError(error) };
  }
}

function toImport({ op, fingerprint, ...line }: BatchLine & { op: 'import' }, request: FastifyRequest): BatchInput {
  if (line.source.kind === 'file') checkSource(line.source, request);
  const { regions, ...record } = line;
  const vectors = { descriptor: decodeFloats(line.descriptor), ...decodeRegions(regions) };
  return { op, id: line.id, write: { ...record, ...vectors }, fingerprint };
}

/** Files in field image, with their ids and metadata in a field items before them, or their file names as ids. */
async function* fromMultipart(request: FastifyRequest, context: RouteContext): AsyncGenerator<BatchInput> {
  let items: BatchItem[] = [];
  let file = 0;
  for await (const part of readParts(request, partLimits(context, context.config.maxBatchImages))) {
    if (part.kind === 'file') {
      const { id = part.filename, ...facts } = items[file++] ?? {};
      yield { op: 'put', id, picture: async () => Promise.resolve(withFacts(part.bytes, facts, request)) };
    } else if (part.field === 'items' && file === 0) items = parse(batchItemsSchema, part.value, 'items');
    else throw new LikenessError('invalid_request', `expected field items, before the files; got ${part.field}`);
  }
}

function tooManyItems(maxBatchImages: number): LikenessError {
  return new LikenessError('invalid_request', `expected at most ${maxBatchImages} items; the rest was not read`);
}

function tooManyBytes(what: string): LikenessError {
  return new LikenessError('too_many_bytes', `expected ${what}`);
}
