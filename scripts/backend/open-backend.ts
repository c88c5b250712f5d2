import { LikenessError } from '../../engine/errors.js';
import { type CollectionOptions, configOf } from '../command-options.js';
import type { Backend } from './backend.js';
import { LocalBackend } from './local-backend.js';
import { RemoteBackend } from './remote-backend.js';

/**
 * Opens what the options name: the server of --server, else the data directory; if another process holds that and serves
 * it, its server.
 * @throws `data_dir_locked` if the holder serves nothing
 */
export async function openBackend(options: CollectionOptions, command: string): Promise<Backend> {
  const apiKey = typeof options['apiKey'] === 'string' ? options['apiKey'] : process.env['LIKENESS_API_KEY'];
  if (options.server !== undefined) return new RemoteBackend({ url: options.server, apiKey, sameMachine: false });
  try {
    return await LocalBackend.open(configOf(options), command);
  } catch (error) {
    if (!(error instanceof LikenessError) || error.code !== 'data_dir_locked') throw error;
    const url = error.details['url'];
    if (typeof url !== 'string' || url === '') throw error;
    process.stderr.write(`the data directory is held by ${url}; going through it\n`);
    return new RemoteBackend({ url, apiKey, sameMachine: true });
  }
}

/** Runs a task on a collection, and closes what was opened for it whatever happens. */
export async function withBackend<T>(
  options: CollectionOptions,
  command: string,
  task: (backend: Backend) => Promise<T>,
): Promise<T> {
  const backend = await openBackend(options, command);
  try {
    return await task(backend);
  } finally {
    await backend.close();
  }
}
