/**
 * The one catalogue of errors. A code is stable: clients and ledgers may rely on it; the words beside it may change.
 * server/error-map.ts gives each code its HTTP status, docs/errors.md lists the same codes, and a test pins all three.
 */
export const ERROR_CATALOGUE = {
  // the picture
  empty_body: 'no bytes were sent',
  unsupported_format: 'not one of JPEG, PNG, WebP, AVIF, GIF, TIFF',
  truncated_image: 'the picture ends early or is damaged',
  too_many_pixels: 'the picture has more pixels than the cap allows',
  too_many_bytes: 'the body or file has more bytes than the cap allows',
  decode_timeout: 'decoding took longer than the cap allows',
  image_too_plain: 'the picture gives a zero or constant descriptor',
  file_unreadable: 'the file cannot be read',
  invalid_region: 'the region does not lie within the picture',
  invalid_mask: 'the mask is not a picture of the size of its picture, or nothing of it is white',
  // the request
  invalid_request: 'a parameter is missing or has a wrong value',
  invalid_json: 'the body is not valid JSON',
  invalid_filter: 'the filter is not of the filter language',
  invalid_cursor: 'the cursor was not made by this service',
  invalid_descriptor: 'the descriptor is not a vector of finite numbers',
  dimension_mismatch: 'the descriptor has another dimension than the collection',
  unsupported_media_type: 'the content type is not one that this route takes',
  unauthorized: 'an API key is required',
  forbidden: 'this API key does not allow that',
  url_fetch_disabled: 'fetching imageUrl is switched off',
  url_forbidden: 'that address must not be fetched',
  url_fetch_failed: 'the picture could not be fetched',
  not_found: 'no such route',
  collection_not_found: 'no such collection',
  image_not_found: 'no such image in the collection',
  original_not_available: 'the original bytes of that image are not kept or have changed',
  collection_exists: 'a collection of that name exists already',
  fingerprint_mismatch: 'the descriptor or store was made by another model or chain',
  query_not_found: 'no such query, or its time is over',
  not_calibrated: 'the collection was not calibrated yet',
  too_few_images: 'the collection has too few images to learn that from',
  job_running: 'a job of that kind is running on the collection already',
  job_not_found: 'no such job',
  too_few_examples: 'there is too little to learn from',
  descriptor_too_long: 'the descriptor has more numbers than a covariance can be learned of',
  rate_limited: 'too many requests from this client',
  overloaded: 'too much work is waiting',
  not_ready: 'the collection is not ready yet',
  sequence_timeout: 'the index did not reach the wanted sequence in time',
  collection_quarantined: 'the collection is damaged and was put aside',
  shutting_down: 'the service is shutting down',
  // the installation
  config_invalid: 'the configuration has a wrong value',
  data_dir_locked: 'another process holds the data directory',
  model_not_found: 'no such model',
  model_invalid: 'the model or its manifest is not usable',
  model_in_use: 'a collection uses that model',
  store_corrupt: 'the store is damaged',
  store_too_new: 'the store was written by a newer version',
  generation_corrupt: 'the saved graph is damaged',
  disk_full: 'the disk is full',
  worker_crashed: 'a worker thread ended unexpectedly',
  internal: 'something unexpected went wrong',
} as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Codes that speak of one picture: a batch notes them and goes on; any other code ends it. */
const PICTURE_CODES: ReadonlySet<ErrorCode> = new Set([
  'empty_body',
  'file_unreadable',
  'unsupported_format',
  'truncated_image',
  'too_many_pixels',
  'too_many_bytes',
  'decode_timeout',
  'image_too_plain',
  'original_not_available',
  'invalid_request',
  'image_not_found',
]);

/** @returns whether the error speaks of one picture only, so that a batch can go on with the next. */
export function isPictureError(error: LikenessError): boolean {
  return PICTURE_CODES.has(error.code);
}

/** Facts that travel with an error, as JSON: names, limits, what came. */
export type ErrorDetails = Record<string, string | number | boolean | null>;

/** The error of the whole project: a stable code, a message that says what was expected and what came. */
export class LikenessError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LikenessError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** An error as plain data, so that it can cross a thread or be written to a ledger. */
export interface SerializedError {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
  stack?: string;
}

/** @returns any thrown value as a LikenessError: itself if it is one, else `internal` with the value as cause. */
export function toLikenessError(thrown: unknown): LikenessError {
  if (thrown instanceof LikenessError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LikenessError('internal', message, { cause: thrown });
}

/** @returns the error as plain data, with the stack of its deepest cause (for logs, never for clients). */
export function serializeError(thrown: unknown): SerializedError {
  const error = toLikenessError(thrown);
  const origin = error.cause instanceof Error ? error.cause : error;
  return {
    code: error.code,
    message: error.message,
    details: error.details,
    ...(origin.stack === undefined ? {} : { stack: origin.stack }),
  };
}

/** @returns the error that {@link serializeError} made plain. */
export function deserializeError(plain: SerializedError): LikenessError {
  const error = new LikenessError(plain.code, plain.message, { details: plain.details });
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
