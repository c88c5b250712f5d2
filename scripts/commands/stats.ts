import type { Command } from 'commander';
import type { CollectionInfo } from '../../engine/collection/collection.js';
import { toLikenessError, type ErrorCode } from '../../engine/errors.js';
import type { Backend } from '../backend/backend.js';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';

/** A collection that cannot be used, and why. */
interface Damaged {
  name: string;
  error: { code: ErrorCode; message: string };
}

/** `likeness stats`: what a collection, or every one, holds. */
export function addStats(program: Command): void {
  withCollection(program.command('stats'))
    .description('show what a collection holds')
    .option('--all', 'every collection')
    .option('--json', 'print as JSON')
    .action(stats);
}

async function stats(options: CollectionOptions & { all?: boolean; json?: boolean }): Promise<void> {
  await withBackend(options, 'stats', async (backend) => {
    const found =
      options.all === true
        ? await Promise.all((await backend.names()).map((name) => infoOrDamage(backend, name)))
        : [await (await backend.collection(options.collection)).info()];
    process.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : found.map(toText).join('\n'));
    if (found.some((one) => 'error' in one)) process.exitCode = 1;
  });
}

/** One damaged collection does not keep the others from being shown. */
async function infoOrDamage(backend: Backend, name: string): Promise<CollectionInfo | Damaged> {
  try {
    return await (await backend.collection(name)).info();
  } catch (thrown) {
    const { code, message } = toLikenessError(thrown);
    return { name, error: { code, message } };
  }
}

function toText(found: CollectionInfo | Damaged): string {
  if ('error' in found) return `collection  ${found.name}\nerror [${found.error.code}]: ${found.error.message}\n`;
  const { name, model, fingerprint, dimension, images, nodes, sequence, index } = found;
  const memoryMiB = (index.memoryBytes / 1024 / 1024).toFixed(1);
  return [
    `collection  ${name}`,
    `model       ${model} (${fingerprint}), ${dimension} numbers a descriptor`,
    `images      ${images}, with ${nodes} distinct descriptors`,
    `index       ${index.kind}: ${index.live} live, ${index.tombstones} deleted, ${index.pending} waiting, about ${memoryMiB} MiB`,
    `sequence    ${sequence}, searches see ${index.sequence}, saved up to ${index.generationSequence}`,
    '',
  ].join('\n');
}
