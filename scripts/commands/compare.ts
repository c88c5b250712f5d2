import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { Comparison } from '../../engine/collection/compare/compare.js';
import { LikenessError } from '../../engine/errors.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { writeOutput } from '../write-output.js';

interface CompareOptions extends CollectionOptions {
  out?: string;
  json?: boolean;
}

/** `likeness compare`: what two pictures are to each other. */
export function addCompare(program: Command): void {
  withCollection(program.command('compare'))
    .description('say what two pictures are to each other: score, verdict, and what both show point by point')
    .argument('<a>', 'a picture')
    .argument('<b>', 'another picture')
    .option('--out <file>', 'write a PNG of both side by side, their common points joined')
    .option('--json', 'print the answer as JSON')
    .action(compare);
}

async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  const [first, second] = await Promise.all([a, b].map(readPicture));
  await withBackend(options, 'compare', async (backend) => {
    const collection = await backend.collection(options.collection);
    const wanted = { a: first!, b: second!, picture: options.out !== undefined };
    const { picture, ...found } = await collection.compare(wanted);
    process.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : comparisonText(found));
    if (options.out === undefined || picture === undefined) return;
    await writeOutput(userPath(options.out), picture);
    process.stderr.write(`picture: ${options.out}\n`);
  });
}

async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(userPath(path)).catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `expected a picture at ${path}: ${String(error)}`, { cause: error });
  });
}

function comparisonText({ score, hashDistance, verdict, probability, geometry }: Comparison): string {
  const { inliers, matches } = geometry;
  return [
    `score       ${score.toFixed(4)}`,
    `hashes      ${hashDistance === undefined ? 'unknown' : `differ in ${hashDistance} of 64 bits`}`,
    `verdict     ${verdict ?? 'unknown: the collection is not calibrated'}`,
    ...(probability === undefined ? [] : [`probability ${probability.toFixed(4)}`]),
    `key points  ${inliers} of ${matches} matches agree on one map`,
    '',
  ].join('\n');
}
