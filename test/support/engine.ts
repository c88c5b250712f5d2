import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../../engine/collection/collection.js';
import { engineConfigSchema, type EngineConfig } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { packageRoot } from '../../engine/package-root.js';
import type { ImageRegion, ImageWrite } from '../../engine/store/store.js';
import type { Metadata } from '../../engine/types.js';

/** An engine over a folder of its own; events are what it would have logged. */
export interface TestEngine {
  engine: Engine;
  dataDir: string;
  events: { event: string; facts: Record<string, unknown> }[];
  /** Closes it and opens it again over the same folder. */
  reopen(): Promise<Engine>;
  close(): Promise<void>;
}

export async function openTestEngine(config: Partial<EngineConfig> = {}): Promise<TestEngine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  const events: TestEngine['events'] = [];
  const full = engineConfigSchema.parse({ dataDir, inferenceThreads: 1, model: 'first', ...config });
  const open = () => Engine.open(full, { command: 'test', log: (event, facts) => events.push({ event, facts }) });
  const test: TestEngine = {
    engine: await open(),
    dataDir,
    events,
    reopen: async () => {
      await test.engine.close();
      return (test.engine = await open());
    },
    close: async () => {
      await test.engine.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}

/** Adds an image with this descriptor, as an import does, without any picture. */
export async function putVector(
  collection: Collection,
  id: string,
  descriptor: Float32Array,
  metadata: Metadata = {},
  regions: ImageRegion[] = [],
): Promise<number> {
  const picture = { contentHash: contentHashOf(id), width: 10, height: 10, format: 'jpeg', bytes: 100 };
  const write: ImageWrite = { id, ...picture, metadata, source: { kind: 'upload' }, descriptor, regions };
  return (await collection.putDescribed(write, collection.epoch.model.fingerprint)).sequence;
}

function contentHashOf(id: string): string {
  return Buffer.from(id).toString('hex').padEnd(64, '0').slice(0, 64);
}

/** Installs a second model among the user's: the bundled one without its projection, 512-d. @returns its name */
export async function addSecondModel(dataDir: string): Promise<string> {
  const bundled = join(packageRoot(), 'models', 'first');
  const directory = join(dataDir, 'models', 'second');
  await cp(bundled, directory, { recursive: true });
  const manifest = JSON.parse(await readFile(join(bundled, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  const changed = { ...manifest, name: 'second', chain: [{ stage: 'gem', p: 3 }, { stage: 'l2' }], dimension: 512 };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(changed));
  return 'second';
}

/** Installs a model among the user's whose descriptors are short: the bundled network behind a random projection. @returns its name */
export async function addShortModel(dataDir: string, dimension: number): Promise<string> {
  const bundled = join(packageRoot(), 'models', 'first');
  const directory = join(dataDir, 'models', 'short');
  await cp(bundled, directory, { recursive: true });
  const manifest = JSON.parse(await readFile(join(bundled, 'manifest.json'), 'utf8')) as {
    output: { channels: number };
  };
  const inputs = manifest.output.channels;
  const values = Float32Array.from({ length: dimension * (inputs + 1) }, (_, i) => Math.sin(i * i));
  const bytes = new Uint8Array(values.buffer);
  await writeFile(join(directory, 'short.f32'), bytes);
  const projection = {
    stage: 'projection',
    file: 'short.f32',
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  const chain = [{ stage: 'spoc' }, { ...projection, inputs, outputs: dimension }, { stage: 'l2' }];
  await writeFile(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, name: 'short', chain, dimension }));
  return 'short';
}
