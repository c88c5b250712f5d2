import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isPictureError, LikenessError, toLikenessError } from '../../engine/errors.js';
import { Extractor } from '../../engine/extractor.js';
import { decodeImage } from '../../engine/image/decode.js';
import type { Shrinkage } from '../../engine/learning/shrinkage.js';
import { MANIFEST_FILE, modelFiles, type LoadedManifest } from '../../engine/model/model-folder.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { PictureSource } from '../../engine/picture-inputs.js';
import { tryModel } from '../../engine/try-model.js';
import { deriveWhitened, learnWhitening, pooledModel, type WhiteningExamples } from '../../engine/whiten.js';
import { userPath } from '../cli-paths.js';
import { configOf, imageLimitsOf, withConfig } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { readPairs } from '../indexing/pairs-file.js';
import { readPicture } from '../indexing/read-picture.js';
import { withPictureSources } from '../indexing/picture-sources.js';
import { loadModel } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { parseNumber } from '../parse-number.js';
import { runConcurrently } from '../run-concurrently.js';
import { PICTURE_FLAGS } from './measured-pictures.js';

/** Pictures read, decoded or described at once. */
const CONCURRENCY = 8;

interface WhitenOptions {
  images?: string;
  collection?: string;
  pairs?: string;
  dim: number;
  power?: number;
  shrinkage: Shrinkage;
  output: string;
  [key: string]: unknown;
}

/** `likeness whiten`: a model of another one, its pooled vectors whitened as pictures or pairs say. */
export function addWhiten(program: Command): void {
  const command = program
    .command('whiten')
    .description('make a model whose chain ends in a whitening learned from pictures (PCA) or matching pairs (Lw)')
    .argument('<model>', 'name of an installed model, or path of a model folder (with a slash)')
    .option('--images <folder>', 'pictures to learn from; better others than those that are searched')
    .option('-c, --collection <name>', 'or the pictures of a collection')
    .option('--server <url>', 'with --collection: go through this server')
    .option('--api-key <key>', 'API key for the server (or LIKENESS_API_KEY)')
    .option('--pairs <file>', 'or a CSV with columns a and b: paths of pictures that show the same thing')
    .option('--dim <count>', 'length of the new descriptor, at most', parseInteger(2, 8192), 256)
    .option('--power <p>', 'lambda^-p: 0 rotates, 0.25 is partial, 0.5 full (default: 0.25; of pairs 0.5)', parseNumber)
    .option('--shrinkage <share>', 'of the eigenvalues towards their mean, 0 to 1, or ledoit-wolf', parseShrinkage, 0)
    .requiredOption('-o, --output <name>', 'name of the new model, or the path of its folder (with a slash)');
  withConfig(command, ['dataDir', 'inferenceThreads', ...PICTURE_FLAGS]).action(whiten);
}

async function whiten(name: string, options: WhitenOptions): Promise<void> {
  const { dataDir } = configOf(options);
  const parent = await loadModel(name, dataDir);
  const isPath = /[/\\]/.test(options.output);
  const directory = isPath ? userPath(options.output) : await new ModelRegistry(dataDir).newDirectory(options.output);
  const examples = await withPooled(parent, options, (describe) => readExamples(describe, options));
  const settings = { dimension: options.dim, power: options.power ?? powerOf(examples), shrinkage: options.shrinkage };
  const map = learnWhitening(examples, settings);
  const count = examples.kind === 'pairs' ? `${examples.pairs.length} pairs` : `${examples.vectors.length} pictures`;
  const how = `power ${settings.power}, shrinkage ${settings.shrinkage}`;
  const description = `${parent.manifest.name} with a whitening of ${map.outputs} directions learned from ${count}, ${how}`;
  const newName = isPath ? (resolve(directory).split(/[/\\]/).at(-1) ?? '') : options.output;
  const made = await deriveWhitened(parent, map, { name: newName, directory, description, tryModel });
  process.stdout.write(
    `${made.manifest.name}  ${description}\nfingerprint ${made.fingerprint}, in ${made.directory}\n`,
  );
}

function powerOf({ kind }: WhiteningExamples): number {
  return kind === 'pairs' ? 0.5 : 0.25;
}

/** @returns the pooled vector of a picture. */
type DescribePooled = (read: () => Promise<Uint8Array>) => Promise<Float32Array>;

/** Runs a task with the model up to its pooled vector, in a folder of links that goes with it. */
async function withPooled<T>(
  parent: LoadedManifest,
  options: WhitenOptions,
  task: (describe: DescribePooled) => Promise<T>,
): Promise<T> {
  const { manifest } = pooledModel(parent);
  const folder = await mkdtemp(join(tmpdir(), 'likeness-whiten-'));
  const extractor = new Extractor({ threads: configOf(options).inferenceThreads });
  const limits = imageLimitsOf(options);
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

async function readExamples(describe: DescribePooled, options: WhitenOptions): Promise<WhiteningExamples> {
  if (options.pairs === undefined) {
    const vectors = await withPictureSources(options, (sources) => describeAll(sources, describe));
    return { kind: 'pictures', vectors: [...vectors.values()] };
  }
  if (options.images !== undefined || options.collection !== undefined)
    throw new LikenessError('invalid_request', 'expected --pairs alone, without --images and --collection');
  const { maxImageBytes } = configOf(options);
  const pairs = await readPairs(userPath(options.pairs));
  const paths = [...new Set(pairs.flat())];
  const sources = paths.map((id) => ({ id, read: async () => (await readPicture(id, maxImageBytes)).bytes }));
  const vectors = await describeAll(sources, describe);
  const known = pairs.map(([a, b]) => [vectors.get(a), vectors.get(b)] as const);
  return { kind: 'pairs', pairs: known.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [[a, b]])) };
}

/** Pictures that cannot be described are told of. @returns the others, in their order */
async function describeAll(
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

function parseShrinkage(text: string): Shrinkage {
  if (text === 'ledoit-wolf') return text;
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError(`expected 0 to 1, or ledoit-wolf, got ${text}`);
}
