import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../engine/engine.js';
import { buildApp } from '../../server/app.js';
import type { App } from '../../server/app-types.js';
import { serverConfigSchema } from '../../server/config.js';
import { commandsPart } from './commands-part.js';
import { configPart } from './config-part.js';
import { endpointsPart } from './endpoints-part.js';
import type { GeneratedParts } from './fill-generated.js';
import { metricsPart } from './metrics-part.js';

/** @returns every part of the manual that is made from the code. */
export function generatedParts(): Promise<GeneratedParts> {
  return withApp(async (app) => ({
    configuration: configPart(),
    commands: commandsPart(),
    endpoints: endpointsPart(app.swagger()),
    metrics: metricsPart((await app.inject('/metrics')).body),
  }));
}

/** Runs a task with a server that does not listen, over an empty data directory. */
async function withApp<T>(task: (app: App) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-docs-'));
  const config = serverConfigSchema.parse({ dataDir, inferenceThreads: 1 });
  const engine = await Engine.start(config, { command: 'docs' });
  const app = await buildApp({ engine, config });
  try {
    await app.ready();
    return await task(app);
  } finally {
    await app.close();
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
