import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ClassicalThread } from '../../engine/classical/classical-thread.js';
import type { PackedFeatures } from '../../engine/classical/matching/packed-features.js';
import { isPictureError, LikenessError, toLikenessError } from '../../engine/errors.js';
import { decodeImage } from '../../engine/image/decode.js';
import { learnClassical } from '../../engine/learn-classical.js';
import { preprocessSchema, type Preprocess } from '../../engine/model/manifest.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import type { PictureSource } from '../../engine/picture-inputs.js';
import { tryModel } from '../../engine/try-model.js';
import { userPath } from '../cli-paths.js';
import { configOf, imageLimitsOf, withConfig } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { withPictureSources, type PictureSourceOptions } from '../indexing/picture-sources.js';
import { parseInteger } from '../parse-integer.js';
import { runConcurrently } from '../run-concurrently.js';
import { evenlySpread, PICTURE_FLAGS } from './measured-pictures.js';

/** One picture is read and decoded while the thread works on another. */
const CONCURRENCY = 3;

interface LearnOptions extends PictureSourceOptions {
  kind: 'vlad' | 'bow';
  words: number;
  dim?: number;
  points: number;
  size: number;
  count: number;
  seed: number;
  output: string;
}

/** `likeness classical`: models without a network. */
export function addClassical(program: Command): void {
  const classical = program.command('classical').description('models of key points (SIFT), without a network');
  const learn = classical
    .command('learn')
    .description('learn a vocabulary of key points from pictures, and make a model of it')
    .addOption(new Option('--kind <kind>', 'what is made of it').choices(['vlad', 'bow']).default('vlad'))
    .option('--images <folder>', 'pictures to learn from; better others than those that are searched')
    .option('-c, --collection <name>', 'or the pictures of a collection')
    .option('--server <url>', 'with --collection: go through this server')
    .option('--api-key <key>', 'API key for the server (or LIKENESS_API_KEY)')
    .option('--count <pictures>', 'at most so many, evenly spread over all', parseInteger(2, 10_000), 1000)
    .option('--words <count>', 'k of the vocabulary', parseInteger(2, 4096), 64)
    .option('--dim <count>', 'length of the descriptor of vlad after PCA (default: 256)', parseInteger(2, 2048))
    .option('--points <count>', 'the strongest key points of a picture are described', parseInteger(10, 2000), 500)
    .option('--size <pixels>', 'long side of the pictures, which are never enlarged', parseInteger(32, 2048), 480)
    .option('--seed <number>', 'of what is drawn at random', parseInteger(0, 2 ** 31), 1)
    .requiredOption('-o, --output <name>', 'name of the new model, or the path of its folder (with a slash)');
  withConfig(learn, ['dataDir', ...PICTURE_FLAGS]).action(learnModel);
}

async function learnModel(options: LearnOptions): Promise<void> {
  const { kind, words, points: maxPoints, seed, output } = options;
  if (kind === 'bow' && options.dim !== undefined)
    throw new LikenessError('invalid_request', 'expected --dim with --kind vlad: a bag has as many numbers as words');
  const isPath = /[/\\]/.test(output);
  const registry = new ModelRegistry(configOf(options).dataDir);
  const directory = isPath ? userPath(output) : await registry.newDirectory(output);
  const name = isPath ? (resolve(directory).split(/[/\\]/).at(-1) ?? '') : output;
  const preprocess = preprocessSchema.parse({ policy: 'inside', size: options.size });
  const classical = new ClassicalThread();
  try {
    const pictures = await withPictureSources(options, (sources) =>
      describeAll(evenlySpread(sources, options.count), classical, preprocess, options),
    );
    const learning = { kind, words, dimension: options.dim ?? 256, maxPoints, preprocess, seed };
    const made = await learnClassical(pictures, classical, { ...learning, name, directory, tryModel });
    const { description, dimension } = made.manifest;
    process.stdout.write(
      `${name}  ${dimension} numbers: ${description}\nfingerprint ${made.fingerprint}, in ${directory}\n`,
    );
  } finally {
    await classical.close();
  }
}

/** Pictures that cannot be decoded are told of. @returns the key points of the others, in their order */
async function describeAll(
  sources: readonly PictureSource[],
  classical: ClassicalThread,
  preprocess: Preprocess,
  options: LearnOptions,
): Promise<PackedFeatures[]> {
  const limits = imageLimitsOf(options);
  const line = new CounterLine('pictures described');
  const found = new Map<string, PackedFeatures>();
  let done = 0;
  await runConcurrently(sources, CONCURRENCY, async ({ id, read }) => {
    try {
      const { pixels } = await decodeImage(await read(), { limits, preprocess });
      found.set(id, await classical.features(pixels, { maxPoints: options.points }));
    } catch (thrown) {
      const error = toLikenessError(thrown);
      if (!isPictureError(error)) throw error;
      process.stderr.write(`skipped ${id} [${error.code}]: ${error.message}\n`);
    }
    line.show((done += 1), sources.length);
  });
  // in the order of the sources, so that the same pictures give the same model
  return sources.flatMap(({ id }) => (found.has(id) ? [found.get(id)!] : []));
}
