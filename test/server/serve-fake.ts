import { onTestFinished } from 'vitest';
import { buildApp, type AppOptions } from '../../server/app.js';
import type { App } from '../../server/app-types.js';
import { serverConfigSchema, type ServerConfig } from '../../server/config.js';
import { FakeEngine } from './fake-engine.js';

/** Small limits, so that tests reach them. */
const SMALL = { maxImageBytes: 64 * 1024, maxBodyBytes: 256 * 1024, maxBytesInFlight: 1024 * 1024 };

export interface Fake {
  app: App;
  engine: FakeEngine;
}

/** An app over a fake engine, closed when the test ends. */
export async function serveFake(config: Partial<ServerConfig> = {}, options: Partial<AppOptions> = {}): Promise<Fake> {
  const engine = new FakeEngine();
  const app = await buildApp({ engine, config: serverConfigSchema.parse({ ...SMALL, ...config }), ...options });
  onTestFinished(() => app.close());
  await app.ready();
  return { app, engine };
}

/** As {@link serveFake}, listening. */
export async function listenFake(config: Partial<ServerConfig> = {}): Promise<Fake & { url: string; port: number }> {
  const fake = await serveFake(config);
  const url = await fake.app.listen({ port: 0 });
  return { ...fake, url, port: Number(new URL(url).port) };
}

/** A multipart body as inject takes it. */
export function multipartBody(parts: { field: string; value: string | Buffer; filename?: string; type?: string }[]): {
  payload: Buffer;
  headers: { 'content-type': string };
} {
  const boundary = 'xxboundaryxx';
  const pieces = parts.flatMap(({ field, value, filename, type }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\ncontent-type: ${type}`,
    '\r\n\r\n',
    value,
    '\r\n',
  ]);
  const payload = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as string)));
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** A promise and the function that settles it. */
export function latch(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Waits until a condition holds, by looking again and again. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
