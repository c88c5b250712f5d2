import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app-types.js';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/markdown; charset=utf-8',
};

/** The page takes everything from this server; blob: pictures are those that the user has chosen. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob:",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const COMPRESS = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: promisify<Buffer, Buffer>(gzip),
} as const;

/** A built file, held in memory: all of them together are smaller than one photograph. */
interface PageFile {
  path: string;
  type: string;
  etag: string;
  body: Buffer;
  /** By content encoding, each made when it is first asked for. */
  compressed: Map<string, Promise<Buffer>>;
}

/**
 * Serves the built page at /, each of its files under its own path, so that nothing else is ever found there. Without a
 * build (dist/web) there is no page, and the API works the same.
 * @param folder of the built page
 */
export async function servePage(app: App, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of await Promise.all(paths.map((path) => loadFile(folder, path)))) addRoute(app, file);
}

async function loadFile(folder: string, path: string): Promise<PageFile> {
  const body = await readFile(path);
  // weak, since it stands for every encoding of these bytes
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const type = MEDIA_TYPES[extname(path)] ?? 'application/octet-stream';
  return { path: relative(folder, path).split(sep).join('/'), type, etag, body, compressed: new Map() };
}

function addRoute(app: App, file: PageFile): void {
  const url = file.path === 'index.html' ? '/' : `/${file.path}`;
  // names under assets/ carry a hash of what is in them
  const keep = file.path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const config = { access: 'open', rateLimit: false } as const;
  app.get(url, { config, schema: { hide: true } }, async (request, reply) => {
    void reply.headers({
      'content-security-policy': POLICY,
      'cache-control': keep,
      etag: file.etag,
      vary: 'accept-encoding',
    });
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    return sendBody(file, request, reply);
  });
}

async function sendBody(file: PageFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { type, body, compressed } = file;
  const accepted = request.headers['accept-encoding']?.toString() ?? '';
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
  if (encoding === undefined) return reply.type(type).send(body);
  const made = compressed.get(encoding) ?? COMPRESS[encoding](body);
  compressed.set(encoding, made);
  return reply
    .type(type)
    .header('content-encoding', encoding)
    .send(await made);
}
