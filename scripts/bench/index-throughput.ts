/**
 * How near `index` comes to what the machine can do: the time to index a folder into an empty collection, against the
 * time to only decode the same pictures plus the time to only describe them, on the same cores in the same run.
 *
 *     node dist/scripts/bench/index-throughput.js --images FOLDER [--count 2000] [--rounds 3]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineConfigSchema } from '../../engine/config.js';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import { imageLimitsSchema } from '../../engine/image/limits.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { LoadedManifest } from '../../engine/model/model-folder.js';
import type { Pixels } from '../../engine/types.js';
import { LocalBackend } from '../backend/local-backend.js';
import { readFolder } from '../indexing/folder.js';
import { runIndex } from '../indexing/index-run.js';
import type { IndexItem } from '../indexing/index-items.js';
import { median } from './median.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    count: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    model: { type: 'string', default: 'default' },
  },
});

/** Pictures in flight, as the command has them. */
function concurrencyFor(extractor: Extractor): number {
  return extractor.stats.threads * 3 + 2;
}

async function inParallel<T>(
  items: readonly T[],
  concurrency: number,
  task: (item: T) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (performance.now() - started) / 1000;
}

async function decode(path: string, model: LoadedManifest): Promise<Pixels> {
  const limits = imageLimitsSchema.parse({});
  return (await decodeImage(await readFile(path), { limits, preprocess: model.manifest.preprocess })).pixels;
}

async function decodeAll(
  paths: string[],
  model: LoadedManifest,
  concurrency: number,
): Promise<{ seconds: number; pixels: Pixels[] }> {
  const pixels: Pixels[] = [];
  const seconds = await inParallel(paths, concurrency, async (path) => void pixels.push(await decode(path, model)));
  return { seconds, pixels };
}

async function indexAll(items: IndexItem[]): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  const backend = await LocalBackend.open(engineConfigSchema.parse({ dataDir, model: values.model }), 'bench');
  try {
    const collection = await backend.collection('default');
    const started = performance.now();
    await runIndex(
      { items },
      {
        collection,
        ledger: { write: () => undefined },
        concurrency: backend.concurrency,
        dryRun: false,
        deleteMissing: false,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      },
    );
    return (performance.now() - started) / 1000;
  } finally {
    await backend.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (values.images === undefined) throw new Error('expected --images FOLDER');
const items = (await readFolder(values.images)).slice(0, Number(values.count));
const paths = items.flatMap((item) => (item.op === 'add' ? [item.path] : []));
const model = await new ModelRegistry('unused').load(values.model);
const extractor = new Extractor();
await extractor.open(model.directory);
await decodeAll(paths.slice(0, 100), model, concurrencyFor(extractor));

console.log(`${paths.length} pictures, model ${model.manifest.name}, ${extractor.stats.threads} threads`);
const ratios: number[] = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  const decoded = await decodeAll(paths, model, concurrencyFor(extractor));
  const inferS = await inParallel(decoded.pixels, concurrencyFor(extractor), async (pixels) => {
    await extractor.describe(model.directory, pixels);
  });
  const indexS = await indexAll(items);
  const ratio = (decoded.seconds + inferS) / indexS;
  ratios.push(ratio);
  console.log(
    `round ${round}: decode ${decoded.seconds.toFixed(2)} s + describe ${inferS.toFixed(2)} s, index ${indexS.toFixed(2)} s ` +
      `(${(paths.length / indexS).toFixed(0)} img/s): ${ratio.toFixed(3)} of the bound`,
  );
}
console.log(`median: ${median(ratios).toFixed(3)} of the bound`);
await extractor.close();
