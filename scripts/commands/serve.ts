import type { Command } from 'commander';
import { configOf, withConfig } from '../command-options.js';

/** `likeness serve`: the HTTP server. */
export function addServe(program: Command): void {
  withConfig(program.command('serve'))
    .description('serve the collections over HTTP; API keys come from LIKENESS_READ_KEYS and LIKENESS_WRITE_KEYS')
    .action(serve);
}

async function serve(options: Record<string, unknown>): Promise<void> {
  // loaded when it is needed: it is half of the time that every other command takes to start
  const { closeOnSignal, startServer } = await import('../../server/main.js');
  const server = await startServer(configOf(options));
  process.stdout.write(`Likeness listens at ${server.url}\n`);
  // a server whose collections cannot be opened closes itself, and that is an error
  await Promise.all([server.ready, closeOnSignal(server)]);
}
