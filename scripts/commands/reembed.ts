import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend.js';
import { configOf, withCollection, type CollectionOptions } from '../command-options.js';
import { descriptorOf, withDescriptor, type DescriptorOptions } from '../descriptor-options.js';
import { CounterLine } from '../counter-line.js';

/** `likeness reembed`: gives a collection another model. */
export function addReembed(program: Command): void {
  withDescriptor(withCollection(program.command('reembed')))
    .description(
      'describe every image of a collection again with the model of --model; may be interrupted and run again',
    )
    .option('--drop-unavailable', 'leave out images whose original cannot be read, instead of refusing')
    .action(reembed);
}

async function reembed(options: CollectionOptions & DescriptorOptions & { dropUnavailable?: boolean }): Promise<void> {
  const descriptor = descriptorOf(options);
  await withBackend(options, 'reembed', async (backend) => {
    const collection = await backend.collection(options.collection);
    const line = new CounterLine('images described');
    const report = await collection.reembed({
      model: configOf(options).model,
      ...descriptor,
      dropUnavailable: options.dropUnavailable === true,
      onProgress: (done, total) => line.show(done, total),
    });
    for (const { id, code, message } of report.dropped) process.stdout.write(`dropped ${id} [${code}]: ${message}\n`);
    const change = report.from === report.to ? `already ${report.to}` : `${report.from} -> ${report.to}`;
    process.stdout.write(`${report.images} images, fingerprint ${change}\n`);
  });
}
