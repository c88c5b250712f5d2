import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isPictureError, toLikenessError } from '../engine/errors.js';
import { Extractor } from '../engine/extractor.js';
import { decodeImage } from '../engine/image/decode.js';
import type { ImageLimits } from '../engine/image/limits.js';
import { MANIFEST_FILE, modelFiles, type LoadedManifest } from '../engine/model/model-folder.js';
import type { PictureSource } from '../engine/picture-inputs.js';
import { pooledModel } from '../engine/whiten.js';
import { CounterLine } from './counter-line.js';
import { runConcurrently } from './run-concurrently.js';

/** Pictures read, decoded or described at once. */
const CONCURRENCY = 8;

/** @returns the pooled vector of a picture. */
export type DescribePooled = (read: () => Promise<Uint8Array>) => Promise<Float32Array>;

/** Runs a task with the model up to its pooled vector, in a folder of links that goes with it. */
export async function withPooled<T>(
  parent: LoadedManifest,
  { limits, threads }: { limits: ImageLimits; threads: number },
  task: (describe: DescribePooled) => Promise<T>,
): Promise<T> {
  const { manifest } = pooledModel(parent);
  const folder = await mkdtemp(join(tmpdir(), 'likeness-whiten-'));
  const extractor = new Extractor({ threads });
  try {
    for (const { file } of modelFiles(manifest)) await linkInto(folder, parent.directory, file);
    await writeFile(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
    await extractor.open(folder);
    return await task(async (read) => {
      const { pixels } = await decodeImage(await read(), { limits, preprocess: manifest.preprocess });
      return (await extractor.describe(folder, pixels)).descriptor;
    });
  } finally {
    await extractor.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function linkInto(folder: string, from: string, file: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await symlink(resolve(from, file), join(folder, file));
}

/** Pictures that cannot be described are told of. @returns the others, in their order */
export async function describeAll(
  sources: readonly PictureSource[],
  describe: DescribePooled,
): Promise<Map<string, Float32Array>> {
  const line = new CounterLine('pictures described');
  const found = new Map<string, Float32Array>();
  let done = 0;
  await runConcurrently(sources, CONCURRENCY, async ({ id, read }) => {
    const vector = await describe(read).catch((thrown: unknown) => {
      const error = toLikenessError(thrown);
      if (!isPictureError(error)) throw error;
      process.stderr.write(`skipped ${id} [${error.code}]: ${error.message}\n`);
      return undefined;
    });
    if (vector !== undefined) found.set(id, vector);
    line.show((done += 1), sources.length);
  });
  // in the order of the sources, so that the same pictures give the same sums
  return new Map(sources.flatMap(({ id }) => (found.has(id) ? [[id, found.get(id)!]] : [])));
}
