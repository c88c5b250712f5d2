import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { CounterLine } from '../counter-line.js';

/** `likeness verify`: checks store, index and originals. */
export function addVerify(program: Command): void {
  withCollection(program.command('verify'))
    .description('check the store, the index and the originals of a collection')
    .option('--repair', 'mend what can be mended')
    .action(verify);
}

async function verify(options: CollectionOptions & { repair?: boolean }): Promise<void> {
  await withBackend(options, 'verify', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine('originals checked');
    const faults = await collection.verify({
      repair: options.repair === true,
      onProgress: (done, total) => line.show(done, total),
    });
    for (const { part, problem, repaired } of faults)
      process.stdout.write(`${part}${repaired ? ' (repaired)' : ''}: ${problem}\n`);
    const open = faults.filter(({ repaired }) => !repaired).length;
    process.stdout.write(faults.length === 0 ? 'sound\n' : `${faults.length} faults, ${open} left\n`);
    if (open > 0) process.exitCode = 1;
  });
}
