import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ERROR_CATALOGUE, LikenessError, toLikenessError, type ErrorCode } from '../engine/errors.js';
import { STATUS_OF } from './error-map.js';
import type { Problem } from './schemas.js';

/** Fastify's own codes, and those of its plugins, in the words of the catalogue. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_many_bytes',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty_body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_INVALID_JSON_FIELD_ERROR: 'invalid_json',
  FST_REQ_FILE_TOO_LARGE: 'too_many_bytes',
  FST_FILES_LIMIT: 'invalid_request',
  FST_FIELDS_LIMIT: 'invalid_request',
  FST_PARTS_LIMIT: 'invalid_request',
};

/** Statuses of framework errors that have no code above. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  413: 'too_many_bytes',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'overloaded',
};

/** @returns whatever was thrown in a request as an error of the catalogue. */
export function requestError(thrown: unknown): LikenessError {
  if (thrown instanceof LikenessError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const { instancePath, message } = thrown.validation[0]!;
    const place = [thrown.validationContext, ...instancePath.split('/').filter(Boolean)].filter(Boolean).join('.');
    return new LikenessError('invalid_request', `${place}: ${message ?? 'wrong value'}`, { cause: thrown });
  }
  const code = frameworkCode(thrown);
  if (code === undefined) return toLikenessError(thrown);
  return new LikenessError(code, (thrown as Error).message, { cause: thrown });
}

function frameworkCode(thrown: unknown): ErrorCode | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, statusCode } = thrown as Error & { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && code in FRAMEWORK_CODES) return FRAMEWORK_CODES[code];
  if (typeof statusCode !== 'number' || statusCode < 400) return undefined;
  return BY_STATUS[statusCode] ?? (statusCode < 500 ? 'invalid_request' : undefined);
}

/** @returns the answer's body (RFC 9457). What went wrong inside stays in the log: a 5xx tells its code only. */
export function toProblem(error: LikenessError, place: { instance: string; requestId: string }): Problem {
  const status = STATUS_OF[error.code];
  return {
    ...(isInside(error) ? {} : error.details),
    type: `urn:likeness:error:${error.code}`,
    title: ERROR_CATALOGUE[error.code],
    status,
    detail: toItemError(error).message,
    code: error.code,
    ...place,
  };
}

/** @returns what one item of several tells of its error; as discreet as {@link toProblem}. */
export function toItemError(error: LikenessError): { code: ErrorCode; message: string } {
  return { code: error.code, message: isInside(error) ? ERROR_CATALOGUE[error.code] : error.message };
}

/** What went wrong inside is for the log: messages of such errors may name paths and more. */
function isInside({ code }: LikenessError): boolean {
  return STATUS_OF[code] === 500 || STATUS_OF[code] === 507;
}
