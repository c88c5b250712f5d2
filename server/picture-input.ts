import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LikenessError } from '../engine/errors.js';
import type { ImageSource, Metadata } from '../engine/types.js';
import type { RouteContext } from './app-types.js';
import { isPictureType } from './media-types.js';
import { collectParts, type PartLimits } from './multipart.js';
import { parse } from './parse.js';
import {
  onePictureJsonSchema,
  pictureFactsSchema,
  pictureJsonSchema,
  type FileSource,
  type PictureFacts,
} from './schemas.js';

/** A picture that came in, with what is to be stored beside it. */
export interface PictureInput {
  bytes: Uint8Array;
  metadata?: Metadata;
  source?: ImageSource;
}

/** Where a picture is in a JSON value: one of both is there, as the schemas see to. */
interface PictureReference {
  imageBase64?: string | undefined;
  imageUrl?: string | undefined;
}

/**
 * One picture from a body of raw bytes (facts in the query), multipart or JSON.
 * @throws `empty_body`, `too_many_bytes`, `unsupported_media_type`, `forbidden`, and the codes of imageUrl
 */
export async function readPicture(
  request: FastifyRequest,
  query: PictureFacts,
  context: RouteContext,
): Promise<PictureInput> {
  const contentType = request.headers['content-type'];
  if (isPictureType(contentType)) return withFacts(rawBytes(request), query, request);
  if (request.isMultipart()) {
    const { images, fields } = await collectParts(request, partLimits(context, 1));
    return withFacts(onlyImage(images), parse(pictureFactsSchema, fields, 'fields'), request);
  }
  const body = parse(pictureJsonSchema, jsonBody(request), 'body');
  return resolvePicture(body, request, context);
}

/** One picture with nothing beside it, from a body of raw bytes, multipart or JSON. @throws as {@link readPicture} */
export async function readPictureAlone(request: FastifyRequest, context: RouteContext): Promise<Buffer> {
  if (isPictureType(request.headers['content-type'])) return rawBytes(request);
  if (!request.isMultipart())
    return referencedBytes(parse(onePictureJsonSchema, jsonBody(request), 'body'), request, context);
  const { images, fields } = await collectParts(request, partLimits(context, 1));
  parse(z.strictObject({}), fields, 'fields');
  return onlyImage(images);
}

/** @returns the bytes that a JSON value names, with the facts beside them. */
export async function resolvePicture(
  given: PictureReference & PictureFacts,
  request: FastifyRequest,
  context: RouteContext,
): Promise<PictureInput> {
  const picture = withFacts(await referencedBytes(given, request, context), given, request);
  return given.imageUrl === undefined ? picture : { ...picture, source: { kind: 'url', url: given.imageUrl } };
}

/** @returns the bytes of imageBase64 or of what imageUrl names. */
export async function referencedBytes(
  given: PictureReference,
  request: FastifyRequest,
  { config, fetchUrl }: RouteContext,
): Promise<Buffer> {
  if (given.imageBase64 !== undefined) return decodeBase64(given.imageBase64, config.maxImageBytes);
  request.slot?.reserve(fetchUrl.maxBytes);
  return fetchUrl.fetch(given.imageUrl ?? '', request.clientGone);
}

/** @returns the mask that a JSON value brings, if it does. @throws `invalid_request`, `too_many_bytes` */
export function maskBytes(
  { maskBase64 }: { maskBase64?: string | undefined },
  { config }: RouteContext,
): { mask?: Buffer } {
  return maskBase64 === undefined ? {} : { mask: decodeBase64(maskBase64, config.maxImageBytes, 'maskBase64') };
}

/** @returns a body of raw bytes. @throws `empty_body` */
export function rawBytes(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body;
  throw new LikenessError('empty_body', 'expected the bytes of a picture, got none');
}

/** @returns a body of JSON. @throws `empty_body`, `unsupported_media_type` */
export function jsonBody(request: FastifyRequest): unknown {
  if (request.body !== undefined && request.body !== null) return request.body;
  const contentType = request.headers['content-type'];
  if (contentType === undefined) throw new LikenessError('empty_body', 'expected a body, got none');
  throw new LikenessError('unsupported_media_type', `expected image/*, multipart or JSON, got ${contentType}`);
}

export function partLimits({ config }: RouteContext, maxFiles: number): PartLimits {
  return { maxFiles, maxImageBytes: config.maxImageBytes, maxBodyBytes: config.maxBodyBytes };
}

/** Attaches facts to bytes. @throws `forbidden` if a file is named by a caller on another machine */
export function withFacts(bytes: Uint8Array, facts: PictureFacts, request: FastifyRequest): PictureInput {
  const { metadata, source } = facts;
  if (source !== undefined) checkSource(source, request);
  return { bytes, ...(metadata === undefined ? {} : { metadata }), ...(source === undefined ? {} : { source }) };
}

/** Only who sits on this machine knows its files. A proxy's callers come from anywhere. @throws `forbidden` */
export function checkSource(source: FileSource, request: FastifyRequest): void {
  const isHere = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(request.socket.remoteAddress ?? '');
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => request.headers[name] !== undefined);
  if (isHere && !isForwarded) return;
  throw new LikenessError('forbidden', `source of kind ${source.kind} is taken from callers on the same machine only`);
}

function onlyImage(images: Buffer[]): Buffer {
  const [first] = images;
  if (images.length === 1 && first !== undefined && first.length > 0) return first;
  throw new LikenessError('empty_body', 'expected one file in field image, got none');
}

/** Also takes a data: URL. @throws `invalid_request`, `too_many_bytes` */
function decodeBase64(text: string, maxBytes: number, field = 'imageBase64'): Buffer {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const expected = Math.floor(((text.length - start - padding) * 3) / 4);
  if (expected > maxBytes)
    throw new LikenessError('too_many_bytes', `expected at most ${maxBytes} bytes in ${field}, got ${expected}`);
  const bytes = Buffer.from(start === 0 ? text : text.slice(start), 'base64');
  // Buffer.from passes over whatever is not base64, so something missing tells of it
  if (bytes.length === expected && expected > 0) return bytes;
  throw new LikenessError('invalid_request', `${field}: expected base64 without line breaks`);
}
