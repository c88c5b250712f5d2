import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';

/** `likeness remove`: deletes images by id. */
export function addRemove(program: Command): void {
  withCollection(program.command('remove'))
    .description('delete images by id')
    .argument('<ids...>', 'ids of images')
    .action(remove);
}

async function remove(ids: string[], options: CollectionOptions): Promise<void> {
  await withBackend(options, 'remove', async (backend) => {
    const collection = await backend.collection(options.collection);
    for (const id of ids) {
      const existed = await collection.remove(id);
      process.stdout.write(`${existed ? 'deleted' : 'no such image'}  ${id}\n`);
      if (!existed) process.exitCode = 1;
    }
  });
}
