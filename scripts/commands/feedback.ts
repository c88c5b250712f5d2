import type { Command } from 'commander';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';

interface FeedbackOptions extends CollectionOptions {
  shown: string[];
  clicked?: string[];
}

/** `likeness feedback`: tells which hits of a search were chosen. */
export function addFeedback(program: Command): void {
  withCollection(program.command('feedback'))
    .description('store which hits of a search were chosen, for tune --from feedback')
    .argument('<queryId>', 'queryId of the answer')
    .requiredOption('--shown <ids...>', 'ids of the images that were looked at, best first')
    .option('--clicked <ids...>', 'those of them that were chosen')
    .action(feedback);
}

async function feedback(queryId: string, options: FeedbackOptions): Promise<void> {
  const { shown, clicked = [] } = options;
  await withBackend(options, 'feedback', async (backend) => {
    const collection = await backend.collection(options.collection);
    const { id } = await collection.addFeedback({ queryId, shown, clicked });
    process.stdout.write(`stored ${id}: ${clicked.length} of ${shown.length} chosen\n`);
  });
}
