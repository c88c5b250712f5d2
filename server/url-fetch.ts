import { lookup as dnsLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { LikenessError } from '../engine/errors.js';
import { isPublicAddress } from './public-address.js';

const MAX_REDIRECTS = 3;
const ORDINARY_PORTS = ['80', '443'];

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** How names become addresses, and which addresses may be reached; a test puts its own in place. */
export interface Network {
  resolve: (hostname: string) => Promise<ResolvedAddress[]>;
  mayReach: (address: string) => boolean;
}

export interface UrlFetchOptions {
  enabled: boolean;
  /** `host`, `*.host` or either with `:port`; none = every public host on its ordinary port. */
  allowHosts: readonly string[];
  maxBytes: number;
  timeoutMs: number;
  network?: Network;
}

const PUBLIC_INTERNET: Network = {
  resolve: (hostname) => dnsLookup(hostname, { all: true }),
  mayReach: isPublicAddress,
};

/**
 * Fetches pictures from addresses that callers name, without letting them reach what only this machine can reach: http(s)
 * alone, hosts of the allow-list, public addresses. Each hop is checked anew, and the connection goes to the very address
 * that was checked, so a name that changes its address in between (DNS rebinding) gains nothing.
 */
export class UrlFetcher {
  readonly #options: UrlFetchOptions;
  readonly #network: Network;

  constructor(options: UrlFetchOptions) {
    this.#options = options;
    this.#network = options.network ?? PUBLIC_INTERNET;
  }

  /** The most bytes that {@link fetch} returns. */
  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** @throws `url_fetch_disabled`, `url_forbidden`, `url_fetch_failed`, `too_many_bytes` */
  async fetch(url: string, signal: AbortSignal): Promise<Buffer> {
    if (!this.#options.enabled)
      throw new LikenessError('url_fetch_disabled', 'fetching imageUrl is switched off; send the bytes instead');
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      return await this.#follow(url, limit);
    } catch (error) {
      if (error instanceof LikenessError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new LikenessError('url_fetch_failed', `the picture could not be fetched: ${reason}`, { cause: error });
    }
  }

  async #follow(first: string, signal: AbortSignal): Promise<Buffer> {
    let url = this.#checkUrl(first);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await this.#get(url, signal);
      if (Buffer.isBuffer(answer)) return answer;
      url = this.#checkUrl(answer.location, url.href);
    }
    throw failed(`expected at most ${MAX_REDIRECTS} redirects`);
  }

  /** One hop. @returns the body, or where it redirects to. */
  async #get(url: URL, signal: AbortSignal): Promise<Buffer | { location: string }> {
    const addresses = await this.#checkedAddresses(url, signal);
    const agent = new Agent({ connect: { lookup: pinTo(addresses) }, connections: 1 });
    try {
      const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'likeness' };
      const response = await request(url, { dispatcher: agent, signal, headers });
      return await this.#answer(response);
    } finally {
      await agent.destroy();
    }
  }

  async #answer(response: Dispatcher.ResponseData): Promise<Buffer | { location: string }> {
    const { statusCode, headers, body } = response;
    // the agent is destroyed after this hop, and a body that nobody reads must not complain of it
    body.on('error', () => undefined);
    if (statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string')
      return { location: headers.location };
    if (statusCode !== 200) throw failed(`expected status 200, got ${statusCode}`);
    return readAtMost(body, this.#options.maxBytes, Number(headers['content-length'] ?? 0));
  }

  #checkUrl(text: string, base?: string): URL {
    if (!URL.canParse(text, base)) throw forbidden('expected an absolute URL');
    const url = new URL(text, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw forbidden(`expected http or https, got ${url.protocol}`);
    if (url.username !== '' || url.password !== '') throw forbidden('expected a URL without user name and password');
    if (!this.#allowsHost(url)) throw forbidden(`${url.host} is not among the hosts that may be fetched from`);
    return url;
  }

  #allowsHost(url: URL): boolean {
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    const isOrdinary = ORDINARY_PORTS.includes(port);
    const { allowHosts } = this.#options;
    if (allowHosts.length === 0) return isOrdinary;
    return allowHosts.some((entry) => {
      const [, host, named] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase())!;
      return matchesHost(url.hostname, host!) && (named === undefined ? isOrdinary : named === port);
    });
  }

  async #checkedAddresses(url: URL, signal: AbortSignal): Promise<ResolvedAddress[]> {
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await abortable(this.#network.resolve(hostname), signal);
    if (addresses.length === 0) throw failed(`${hostname} has no address`);
    for (const { address } of addresses)
      if (!this.#network.mayReach(address)) throw forbidden(`${hostname} is not at a public address`);
    return addresses;
  }
}

function matchesHost(hostname: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

/** @returns a lookup that knows only these addresses, whatever it is asked for. */
function pinTo(addresses: ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else callback(null, first!.address, first!.family);
  };
}

async function readAtMost(body: AsyncIterable<Buffer>, maxBytes: number, announced: number): Promise<Buffer> {
  const tooMany = () =>
    new LikenessError('too_many_bytes', `expected at most ${maxBytes} bytes from imageUrl`, { details: { maxBytes } });
  if (announced > maxBytes) throw tooMany();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw tooMany();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function forbidden(message: string): LikenessError {
  return new LikenessError('url_forbidden', message);
}

function failed(message: string): LikenessError {
  return new LikenessError('url_fetch_failed', message);
}
