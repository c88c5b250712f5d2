import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LikenessError } from '../engine/errors.js';
import { SECRET_KEYS, serverConfigSchema, type ServerConfig } from './config.js';

/** Read from the working directory unless another file is named. */
export const DEFAULT_CONFIG_FILE = 'likeness.config.json';

/** One key of the config as help and manual print it. */
export interface ConfigRow {
  key: string;
  /** --kebab-case; none for secrets. */
  flag?: string;
  /** LIKENESS_UPPER_SNAKE. */
  env: string;
  default: string;
  description: string;
}

export interface ConfigSources {
  /** By key, as the command line's parser names them; undefined values are passed over. */
  flags?: Record<string, unknown>;
  env?: Record<string, string | undefined>;
  /** A config file that must exist; without one, {@link DEFAULT_CONFIG_FILE} is read if it is there. */
  file?: string;
  /** Folder that relative paths of files start from. */
  cwd?: string;
}

/** A value with where it came from, for messages. */
interface Given {
  value: unknown;
  source: string;
}

/** @returns the names that a key goes by. */
export function namesOf(key: string): { flag: string; env: string } {
  const words = key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return { flag: `--${words.join('-')}`, env: `LIKENESS_${words.join('_').toUpperCase()}` };
}

/** @returns every key with its names, default and description, in the schema's order. */
export function describeConfig(): ConfigRow[] {
  return Object.entries(serverConfigSchema.shape).map(([key, schema]) => {
    const { flag, env } = namesOf(key);
    const value: unknown = schema.parse(undefined);
    return {
      key,
      ...(SECRET_KEYS.includes(key) ? {} : { flag }),
      env,
      default: Array.isArray(value) ? value.join(',') : String(value),
      description: schema.description ?? '',
    };
  });
}

/**
 * The config from all sources: flags win over LIKENESS_* variables, those over the config file, that over the defaults.
 * @throws `config_invalid` naming every bad value with its source
 */
export function loadConfig(sources: ConfigSources = {}): ServerConfig {
  const given = { ...fromFile(sources), ...fromEnv(sources.env ?? {}), ...fromFlags(sources.flags ?? {}) };
  const values = Object.fromEntries(Object.entries(given).map(([key, { value }]) => [key, value]));
  const parsed = serverConfigSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${given[key]?.source ?? key}: no such key`)
      : [`${placeOf(String(issue.path[0]), given)}: ${issue.message}`],
  );
  throw new LikenessError('config_invalid', `the configuration has wrong values:\n  ${faults.join('\n  ')}`);
}

function placeOf(key: string, given: Record<string, Given>): string {
  const entry = given[key];
  if (entry === undefined) return `${key} (default)`;
  return SECRET_KEYS.includes(key) ? entry.source : `${entry.source} = ${JSON.stringify(entry.value)}`;
}

function fromFlags(flags: Record<string, unknown>): Record<string, Given> {
  const known = Object.keys(serverConfigSchema.shape).filter((key) => !SECRET_KEYS.includes(key));
  const set = known.filter((key) => flags[key] !== undefined);
  return Object.fromEntries(set.map((key) => [key, { value: flags[key], source: `flag ${namesOf(key).flag}` }]));
}

/** Variables that are no key are passed over: an orchestrator may set some of its own that begin alike. */
function fromEnv(env: Record<string, string | undefined>): Record<string, Given> {
  const named = Object.keys(serverConfigSchema.shape).map((key) => ({ key, name: namesOf(key).env }));
  const set = named.filter(({ name }) => (env[name] ?? '') !== '');
  return Object.fromEntries(set.map(({ key, name }) => [key, { value: env[name], source: `variable ${name}` }]));
}

function fromFile(sources: ConfigSources): Record<string, Given> {
  const path = resolve(sources.cwd ?? '.', sources.file ?? DEFAULT_CONFIG_FILE);
  if (sources.file === undefined && !existsSync(path)) return {};
  const entries = Object.entries<unknown>(readObject(path));
  return Object.fromEntries(entries.map(([key, value]) => [key, { value, source: `file ${path}, ${key}` }]));
}

function readObject(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new Error('expected a JSON object');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LikenessError('config_invalid', `expected a config file of JSON at ${path}: ${reason}`, { cause: error });
  }
}
