import type { Command } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import type { NetworkManifest } from '../../engine/model/manifest.js';
import type { PictureInput } from '../../engine/model/picture-batches.js';
import { pictureInputs } from '../../engine/picture-inputs.js';
import { imageLimitsOf } from '../command-options.js';
import { CounterLine } from '../counter-line.js';
import { withPictureSources, type PictureSourceOptions } from '../indexing/picture-sources.js';
import { parseInteger } from '../parse-integer.js';

/** Config keys of a command that decodes pictures. */
export const PICTURE_FLAGS = ['maxImageBytes', 'maxImagePixels', 'decodeTimeoutMs'];

/** Which pictures statistics are taken from. */
export interface MeasuredPictures extends PictureSourceOptions {
  count: number;
}

/** Adds the flags that say which pictures statistics are taken from. */
export function withMeasuredPictures(command: Command): Command {
  return command
    .option('--images <folder>', 'pictures to take the statistics from')
    .option('-c, --collection <name>', 'or the pictures of a collection')
    .option('--server <url>', 'with --collection: go through this server')
    .option('--api-key <key>', 'API key for the server (or LIKENESS_API_KEY)')
    .option('--count <pictures>', 'at most so many, evenly spread over all', parseInteger(1, 10_000), 256);
}

/** Decodes the pictures; those that cannot be are told of. @throws `invalid_request` if none can */
export async function readMeasuredPictures(
  manifest: NetworkManifest,
  options: MeasuredPictures,
): Promise<PictureInput[]> {
  const line = new CounterLine('pictures decoded');
  const onPicture = (done: number, total: number) => line.show(done, total);
  const { pictures, skipped } = await withPictureSources(options, (sources) =>
    pictureInputs(evenlySpread(sources, options.count), manifest, imageLimitsOf(options), onPicture),
  );
  for (const { id, error } of skipped) process.stderr.write(`skipped ${id} [${error.code}]: ${error.message}\n`);
  if (pictures.length > 0) return pictures;
  throw new LikenessError('invalid_request', 'expected at least one picture that can be decoded, got none');
}

/** @returns at most `count` of the items, in their order. */
export function evenlySpread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
