import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { writeExport } from '../transfer/export-folder.js';

/** `likeness export`: writes records and descriptors to a folder. */
export function addExport(program: Command): void {
  withCollection(program.command('export'))
    .description(
      'write the records (NDJSON) and descriptors (npy) of a collection to a folder; originals are not part of it',
    )
    .argument('<folder>', 'folder to write')
    .action(exportCollection);
}

async function exportCollection(folder: string, options: CollectionOptions): Promise<void> {
  await withBackend(options, 'export', async (backend) => {
    const collection = await backend.collection(options.collection);
    const info = await collection.info();
    const { model, fingerprint, dimension, keepOriginals, indexConfig: index, ranking, regions, textFields } = info;
    const config = { keepOriginals, index, ranking, regions, textFields };
    const facts = { model, fingerprint, dimension, config };
    const count = await writeExport(userPath(folder), facts, collection.exportImages());
    process.stdout.write(`${count} images written to ${folder}\n`);
  });
}
