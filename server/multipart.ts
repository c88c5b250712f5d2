import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { LikenessError } from '../engine/errors.js';
import { parseJson } from './parse.js';
import { requestError } from './problem.js';

const MAX_FIELD_BYTES = 1024 * 1024;

/** One part of a multipart body: a file with its bytes, or a field with its JSON value. */
export type Part =
  { kind: 'file'; field: string; filename: string; bytes: Buffer } | { kind: 'field'; field: string; value: unknown };

/** A picture, and what of it counts where that was said. */
export interface MaskedPicture {
  bytes: Buffer;
  mask?: Buffer;
}

export interface PartLimits {
  maxFiles: number;
  /** Bytes of one file. */
  maxImageBytes: number;
  /** Bytes of all files. */
  maxBodyBytes: number;
}

/**
 * The parts in the order in which they come; the body is read as they are asked for.
 * @throws `too_many_bytes`, `invalid_json`, `invalid_request` for a damaged body
 */
export async function* readParts(request: FastifyRequest, limits: PartLimits): AsyncGenerator<Part> {
  let total = 0;
  const files = { fileSize: limits.maxImageBytes, files: limits.maxFiles };
  try {
    for await (const part of request.parts({ limits: { ...files, fieldSize: MAX_FIELD_BYTES }, preservePath: true })) {
      const read = part.type === 'file' ? await readFile(part) : readField(part);
      if (read.kind === 'file') total += read.bytes.length;
      if (total > limits.maxBodyBytes) throw tooManyBytes(limits.maxBodyBytes);
      yield read;
    }
  } catch (error) {
    const known = requestError(error);
    if (known.code !== 'internal') throw known;
    throw new LikenessError('invalid_request', `damaged multipart body: ${known.message}`, { cause: error });
  }
}

/** @returns all parts at once: pictures in the order in which they came, fields by name. */
export async function collectParts(
  request: FastifyRequest,
  limits: PartLimits,
): Promise<{ images: Buffer[]; fields: Record<string, unknown> }> {
  const { pictures, fields } = await collectMasked(request, limits);
  if (pictures.some(({ mask }) => mask !== undefined)) throw unexpectedFile('mask');
  return { images: pictures.map(({ bytes }) => bytes), fields };
}

/** As {@link collectParts}, where a file in field mask belongs to the picture that came before it. */
export async function collectMasked(
  request: FastifyRequest,
  limits: PartLimits,
): Promise<{ pictures: MaskedPicture[]; fields: Record<string, unknown> }> {
  const pictures: MaskedPicture[] = [];
  const fields: Record<string, unknown> = {};
  for await (const part of readParts(request, limits)) {
    if (part.kind === 'field') fields[part.field] = part.value;
    else if (part.field === 'image') pictures.push({ bytes: part.bytes });
    else if (part.field === 'mask') maskLast(pictures, part.bytes);
    else throw unexpectedFile(part.field);
  }
  return { pictures, fields };
}

function maskLast(pictures: MaskedPicture[], mask: Buffer): void {
  const last = pictures.at(-1);
  if (last === undefined || last.mask !== undefined)
    throw new LikenessError('invalid_request', 'expected each file in field mask after a file in field image');
  last.mask = mask;
}

function unexpectedFile(field: string): LikenessError {
  return new LikenessError('invalid_request', `expected files in field image, got ${field}`);
}

async function readFile(part: MultipartFile): Promise<Part> {
  return { kind: 'file', field: part.fieldname, filename: part.filename, bytes: await part.toBuffer() };
}

function readField(part: MultipartValue): Part {
  if (part.valueTruncated) throw tooManyBytes(MAX_FIELD_BYTES);
  // a field whose own content type is JSON was parsed already
  const isText = typeof part.value === 'string' && part.mimetype !== 'application/json';
  const value = isText ? parseJson(part.value as string, `field ${part.fieldname}`) : part.value;
  return { kind: 'field', field: part.fieldname, value };
}

function tooManyBytes(maxBytes: number): LikenessError {
  return new LikenessError('too_many_bytes', `expected at most ${maxBytes} bytes`, { details: { maxBytes } });
}
