import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Engine } from '../engine/engine.js';
import { packageRoot } from '../engine/package-root.js';
import { buildApp } from './app.js';
import type { App } from './app-types.js';
import type { ServerConfig } from './config.js';

/** A server that listens. */
export interface RunningServer {
  url: string;
  /** Settles when every collection is open or put aside; rejects if opening failed, the server being closed then. */
  ready: Promise<void>;
  /** Finishes what runs (up to the config's shutdownTimeoutMs), saves every graph, frees the data directory. */
  close: () => Promise<void>;
}

/**
 * Takes the data directory, listens, and opens the collections meanwhile: /readyz tells when that is done. The address
 * is written beside the lock, where the command line finds it.
 * @throws `data_dir_locked`, or why it cannot listen
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  let app: App | undefined;
  const engine = await Engine.start(config, {
    command: 'serve',
    log: (event, facts) => app?.log.info(facts, event),
  });
  try {
    app = await buildApp({ engine, config, version: await packageVersion(), logger: { level: config.logLevel } });
    const url = await app.listen({ host: config.host, port: config.port });
    await engine.lock.update(url);
    return run(app, engine, url, config.shutdownTimeoutMs);
  } catch (error) {
    await app?.close();
    await engine.close();
    throw error;
  }
}

/** Closes the server at the first SIGTERM or SIGINT; a second one ends the process at once. @returns when it is closed. */
export async function closeOnSignal(server: RunningServer): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
  await server.close();
}

function run(app: App, engine: Engine, url: string, shutdownTimeoutMs: number): RunningServer {
  const opening = engine.openCollections();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown(app, engine, opening, shutdownTimeoutMs));
  const ready = opening.catch(async (error: unknown) => {
    app.log.fatal({ err: error }, 'collections could not be opened');
    await close();
    throw error;
  });
  // whoever does not wait for it is told by the log
  ready.catch(() => undefined);
  return { url, ready, close };
}

async function shutDown(app: App, engine: Engine, opening: Promise<void>, timeoutMs: number): Promise<void> {
  app.drain();
  const late = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  await app.close().finally(() => clearTimeout(late));
  await opening.catch(() => undefined);
  await engine.close();
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
