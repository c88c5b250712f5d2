import { z } from 'zod';
import { engineConfigSchema } from '../engine/config.js';

const MIB = 1024 * 1024;

const count = (lowest: number) => z.coerce.number().int().min(lowest);
const flag = z.stringbool().or(z.boolean());
const onOff = z.enum(['on', 'off']);
/** A comma list in a flag or variable, an array in the config file. */
const list = z
  .union([z.string().transform((text) => text.split(',').map((item) => item.trim())), z.array(z.string())])
  .transform((items) => items.filter((item) => item !== ''))
  .pipe(z.array(z.string()));

/** All that can be set: the engine's config and the server's. The only schema of it; help and manual are made from it. */
export const serverConfigSchema = engineConfigSchema
  .extend({
    host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
    port: count(0).max(65_535).default(3000).describe('port to listen on; 0 = any free one'),
    readKeys: list.default([]).describe('API keys that may search and read, separated by commas'),
    writeKeys: list.default([]).describe('API keys that may also add, change and delete'),
    allowUnauthenticated: flag.default(false).describe('listen beyond this machine without API keys'),
    corsOrigins: list.default([]).describe('origins whose pages may call the API; * = all'),
    trustProxy: list.default([]).describe('addresses or ranges of proxies whose X-Forwarded-For is believed'),
    rateLimitPerMinute: count(0).default(0).describe('requests per client address and minute; 0 = no limit'),
    maxConcurrentRequests: count(1).default(32).describe('requests with pictures that run at once'),
    maxQueuedRequests: count(0).default(256).describe('requests with pictures that wait for their turn'),
    maxBodyBytes: count(1024)
      .default(128 * MIB)
      .describe('largest body of several pictures or of JSON, bytes'),
    maxBytesInFlight: count(1024)
      .default(512 * MIB)
      .describe('bytes of all running requests together'),
    requestTimeoutMs: count(1000).default(120_000).describe('longest time to receive a request, ms'),
    shutdownTimeoutMs: count(0).default(30_000).describe('longest wait for running requests at shutdown, ms'),
    maxBatchImages: count(1).default(1000).describe('most items of one batch'),
    urlFetch: onOff.default('off').describe('fetch pictures by imageUrl: on or off'),
    urlAllowHosts: list
      .default([])
      .describe('hosts that imageUrl may name: host, *.host or host:port; none = all public ones'),
    urlTimeoutMs: count(100).default(10_000).describe('longest fetch of one imageUrl, ms'),
    docs: onOff.default('on').describe('API documentation at /docs: on or off'),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info').describe('least log level'),
  })
  .superRefine((config, context) => {
    for (const fault of contradictions(config)) context.addIssue({ code: 'custom', ...fault });
  });

/** The checked config with every default filled in. */
export type ServerConfig = z.infer<typeof serverConfigSchema>;

/** Values that must not be seen: not taken as flags (the list of processes shows those), never printed. */
export const SECRET_KEYS: readonly string[] = ['readKeys', 'writeKeys'];

/** @returns whether a server that listens there can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

interface Contradictable {
  host: string;
  readKeys: string[];
  writeKeys: string[];
  allowUnauthenticated: boolean;
  maxImageBytes: number;
  maxBodyBytes: number;
  maxBytesInFlight: number;
}

/** Rules between keys. */
function contradictions(config: Contradictable): { path: string[]; message: string }[] {
  const faults: { path: string[]; message: string }[] = [];
  const keys = config.readKeys.length + config.writeKeys.length;
  if (!isLoopbackHost(config.host) && keys === 0 && !config.allowUnauthenticated) {
    const remedy = 'readKeys and writeKeys, or allowUnauthenticated in so many words';
    faults.push({ path: ['host'], message: `listening beyond this machine needs ${remedy}` });
  }
  if (config.maxBodyBytes < config.maxImageBytes)
    faults.push({ path: ['maxBodyBytes'], message: `expected at least maxImageBytes (${config.maxImageBytes})` });
  if (config.maxBytesInFlight < config.maxBodyBytes)
    faults.push({ path: ['maxBytesInFlight'], message: `expected at least maxBodyBytes (${config.maxBodyBytes})` });
  return faults;
}
