import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import type { Shrinkage } from '../../engine/learning/shrinkage.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import { tryModel } from '../../engine/try-model.js';
import { deriveWhitened, learnWhitening, type WhiteningExamples } from '../../engine/whiten.js';
import { userPath } from '../cli-paths.js';
import { configOf, imageLimitsOf, withConfig } from '../command-options.js';
import { readPairs } from '../indexing/pairs-file.js';
import { readPicture } from '../indexing/read-picture.js';
import { withPictureSources } from '../indexing/picture-sources.js';
import { loadModel } from '../load-model.js';
import { parseInteger } from '../parse-integer.js';
import { parseNumber } from '../parse-number.js';
import { describeAll, withPooled, type DescribePooled } from '../pooled-vectors.js';
import { PICTURE_FLAGS } from './measured-pictures.js';

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
  const { dataDir, inferenceThreads } = configOf(options);
  const parent = await loadModel(name, dataDir);
  const isPath = /[/\\]/.test(options.output);
  const directory = isPath ? userPath(options.output) : await new ModelRegistry(dataDir).newDirectory(options.output);
  const examples = await withPooled(parent, { limits: imageLimitsOf(options), threads: inferenceThreads }, (describe) =>
    readExamples(describe, options),
  );
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

function parseShrinkage(text: string): Shrinkage {
  if (text === 'ledoit-wolf') return text;
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError(`expected 0 to 1, or ledoit-wolf, got ${text}`);
}
