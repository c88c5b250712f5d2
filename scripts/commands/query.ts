import type { Command } from 'commander';
import { pickDefined } from '../../engine/pick-defined.js';
import { withBackend } from '../backend/open-backend.js';
import { withCollection, type CollectionOptions } from '../command-options.js';
import { parseInteger } from '../parse-integer.js';
import { foundAsJson, foundAsTable } from '../report/found-images.js';

interface QueryOptions extends CollectionOptions {
  k?: number;
  offset?: number;
  json?: boolean;
}

/** `likeness query`: a search of late, asked again. */
export function addQuery(program: Command): void {
  withCollection(program.command('query'))
    .description('ask a search of late again, or for its further hits')
    .argument('<queryId>', 'queryId of the answer')
    .option('-k, --k <count>', 'hits wanted (default: as asked first)', parseInteger(1, 1000))
    .option('--offset <ranks>', 'ranks passed over (default: as asked first)', parseInteger(0, 10_000))
    .option('--json', 'print the answer as JSON')
    .action(query);
}

async function query(queryId: string, options: QueryOptions): Promise<void> {
  await withBackend(options, 'query', async (backend) => {
    const collection = await backend.collection(options.collection);
    const answer = await collection.searchAgain(queryId, pickDefined(options, ['k', 'offset']));
    process.stdout.write(options.json === true ? foundAsJson(answer) : foundAsTable(answer));
  });
}
