import { type Command, Option } from 'commander';
import type { ImageLimits } from '../engine/image/limits.js';
import type { ServerConfig } from '../server/config.js';
import { describeConfig, loadConfig } from '../server/load-config.js';
import { userFolder, userPath } from './cli-paths.js';

/** What every command that reaches a collection takes. */
export interface CollectionOptions {
  collection: string;
  server?: string;
  config?: string;
  [configKey: string]: unknown;
}

/** Keys of the config that commands beside `serve` take as flags. */
const ENGINE_FLAGS = [
  'dataDir',
  'model',
  'detector',
  'inferenceThreads',
  'maxImageBytes',
  'maxImagePixels',
  'decodeTimeoutMs',
];

/** Adds the flags that say which collection of which data directory or server is meant. */
export function withCollection(command: Command): Command {
  command
    .option('-c, --collection <name>', 'the collection', 'default')
    .option('--server <url>', 'go through this server; by itself, a command does so when one holds the data directory')
    .option('--api-key <key>', 'API key for the server (or LIKENESS_API_KEY)');
  return withConfig(command, ENGINE_FLAGS);
}

/** Adds config keys as flags, with their defaults in the help; without `keys`, all of them. */
export function withConfig(command: Command, keys?: readonly string[]): Command {
  command.option('--config <file>', 'config file (else ./likeness.config.json, if it is there)');
  for (const row of describeConfig()) {
    if (row.flag === undefined || (keys !== undefined && !keys.includes(row.key))) continue;
    command.addOption(
      new Option(`${row.flag} <value>`, `${row.description} (${row.env}; default: ${row.default || 'none'})`),
    );
  }
  return command;
}

/** @returns the model that the user named on the command line, as opposed to the configured one. */
export function namedModel(options: Record<string, unknown>): string | undefined {
  return typeof options['model'] === 'string' ? options['model'] : undefined;
}

/** @returns the caps on one picture that the config sets. */
export function imageLimitsOf(options: Record<string, unknown>): ImageLimits {
  const { maxImageBytes, maxImagePixels, decodeTimeoutMs } = configOf(options);
  return { maxBytes: maxImageBytes, maxPixels: maxImagePixels, timeoutMs: decodeTimeoutMs };
}

/** @returns the config from flags, environment and file; its data directory is absolute. @throws `config_invalid` */
export function configOf(options: Record<string, unknown>): ServerConfig {
  const { config: file } = options;
  const config = loadConfig({
    flags: options,
    env: process.env,
    cwd: userFolder(),
    ...(typeof file === 'string' ? { file } : {}),
  });
  return { ...config, dataDir: userPath(config.dataDir) };
}
