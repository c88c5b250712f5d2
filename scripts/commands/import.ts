import type { Command } from 'commander';
import { LikenessError } from '../../engine/errors.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { runConcurrently } from '../run-concurrently.js';
import { readExport, readExportFacts } from '../transfer/export-folder.js';

/** Writes in flight at once, so that they share commits. */
const CONCURRENCY = 64;

/** `likeness import`: takes back what `likeness export` wrote. */
export function addImport(program: Command): void {
  withCollection(program.command('import'))
    .description('add the images of an export, with their descriptors, to a collection (made if it is missing)')
    .argument('<folder>', 'folder that export wrote')
    .action(importCollection);
}

async function importCollection(folder: string, options: CollectionOptions): Promise<void> {
  const path = userPath(folder);
  const facts = await readExportFacts(path);
  await withBackend(options, 'import', async (backend) => {
    const collection = await backend.collection(options.collection, { model: facts.model, ...facts.config });
    const { name, model, fingerprint } = await collection.info();
    if (fingerprint !== facts.fingerprint) {
      throw new LikenessError(
        'fingerprint_mismatch',
        `the export was made with model ${facts.model} (${facts.fingerprint}), collection ${name} with ${model} ` +
          `(${fingerprint}): descriptors of two models cannot be compared`,
      );
    }
    let count = 0;
    await runConcurrently(readExport(path, facts), CONCURRENCY, async (image) => {
      await collection.importImage(image, facts.fingerprint);
      count += 1;
    });
    process.stdout.write(`${count} images imported\n`);
  });
}
