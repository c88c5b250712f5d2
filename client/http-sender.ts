import { ERROR_CATALOGUE, LikenessError, type ErrorCode } from '../engine/errors.js';
import type { Problem } from '../server/schemas.js';

export interface SenderOptions {
  url: string;
  apiKey?: string | undefined;
  /** How often a request that was turned away with 429 or 503 is sent again. */
  retries?: number;
  /** Waits so many milliseconds; for tests. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A Blob is read as it is sent: a File of a browser, or what Node's `openAsBlob` makes of a file's path. */
export type PictureBytes = Uint8Array | Blob;

/** At most one of json, ndjson, form and bytes. */
export interface RequestParts {
  query?: string;
  json?: unknown;
  /** Text with a JSON value a line. */
  ndjson?: string;
  form?: FormData;
  bytes?: PictureBytes;
  signal?: AbortSignal | undefined;
}

const DEFAULT_RETRIES = 5;
const FIRST_WAIT_MS = 200;
/** These do not pass by waiting. */
const LASTING: readonly ErrorCode[] = ['collection_quarantined'];

/** Sends requests to one server, tries again when it is busy, and turns its problems into LikenessError. */
export class HttpSender {
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #retries: number;
  readonly #sleep: NonNullable<SenderOptions['sleep']>;

  constructor({ url, apiKey, retries = DEFAULT_RETRIES, sleep = wait }: SenderOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#retries = retries;
    this.#sleep = sleep;
  }

  async json<T>(method: string, path: string, parts: RequestParts = {}): Promise<T> {
    const response = await this.send(method, path, parts);
    return (await response.json()) as T;
  }

  async bytes(path: string, query = ''): Promise<Uint8Array> {
    const response = await this.send('GET', path, { query });
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @throws LikenessError with the server's code; `internal` if the server cannot be reached; the signal's reason */
  async send(method: string, path: string, parts: RequestParts = {}): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#once(method, path, parts);
      if (response.ok) return response;
      const error = await problemOf(response);
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || LASTING.includes(error.code) || attempt >= this.#retries) throw error;
      await this.#sleep(waitMs(attempt, response.headers.get('retry-after')), parts.signal);
    }
  }

  async #once(method: string, path: string, parts: RequestParts): Promise<Response> {
    const query = parts.query === undefined || parts.query === '' ? '' : `?${parts.query}`;
    const { body, type } = bodyOf(parts);
    const headers = { ...this.#headers, ...(type === undefined ? {} : { 'content-type': type }) };
    try {
      return await fetch(`${this.#base}${path}${query}`, { method, headers, body, signal: parts.signal ?? null });
    } catch (error) {
      parts.signal?.throwIfAborted();
      throw new LikenessError('internal', `the server at ${this.#base} cannot be reached`, { cause: error });
    }
  }
}

function bodyOf({ json, ndjson, form, bytes }: RequestParts): {
  body: FormData | string | Uint8Array<ArrayBuffer> | Blob | null;
  type?: string;
} {
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (ndjson !== undefined) return { body: ndjson, type: 'application/x-ndjson' };
  if (bytes !== undefined) return { body: bytes as Uint8Array<ArrayBuffer> | Blob, type: 'application/octet-stream' };
  // a form brings its own content type, with the boundary
  return { body: form ?? null };
}

async function problemOf(response: Response): Promise<LikenessError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { code, detail, requestId = null } = problem;
  const known = code !== undefined && code in ERROR_CATALOGUE ? (code as ErrorCode) : 'internal';
  const message = detail ?? `the server answered ${response.status}`;
  return new LikenessError(known, message, { details: { status: response.status, requestId } });
}

/** Twice as long each time, with chance in it so that many clients do not come back at once; never before Retry-After. */
function waitMs(attempt: number, retryAfter: string | null): number {
  const backoff = FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random() / 2);
  const asked = Number(retryAfter ?? 0) * 1000;
  return Math.max(backoff, Number.isFinite(asked) ? asked : 0);
}

/** @throws the signal's reason */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
