import type { Command } from 'commander';
import { deriveModel, type DeriveRequest } from '../../engine/model/derive-model.js';
import type { LoadedNetwork } from '../../engine/model/model-folder.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import { tryModel } from '../../engine/try-model.js';
import { userPath } from '../cli-paths.js';
import { configOf, withConfig } from '../command-options.js';

/** What every command that makes a model of another one takes. */
export interface DerivedOptions {
  name?: string;
  output?: string;
  [key: string]: unknown;
}

/** Adds the model and where the new one goes; configKeys are flags of the config beside the data directory. */
export function withDerived(command: Command, configKeys: readonly string[] = []): Command {
  return withConfig(command, ['dataDir', ...configKeys])
    .argument('<model>', 'name of an installed model, or path of a model folder (with a slash)')
    .option('--name <name>', 'name of the new model (default: by what is done)')
    .option('-o, --output <folder>', 'write it there (default: it is installed among your models)');
}

/**
 * Makes the new model, and says on standard output what was done.
 * @param suffix of its name, if the user gave none
 * @throws `invalid_request` if the name or folder is taken, and what {@link deriveModel} throws; nothing is written then
 */
export async function makeDerived(
  parent: LoadedNetwork,
  options: DerivedOptions,
  suffix: string,
  rewrite: DeriveRequest['rewrite'],
): Promise<void> {
  const name = options.name ?? `${parent.manifest.name}-${suffix}`;
  const registry = new ModelRegistry(configOf(options).dataDir);
  const directory = options.output === undefined ? await registry.newDirectory(name) : userPath(options.output);
  const made = await deriveModel({ parent, rewrite, name, directory, tryModel });
  process.stdout.write(inWords(made));
}

function inWords({ manifest, fingerprint, directory }: LoadedNetwork): string {
  const { kind, provenance } = manifest.normalization;
  const passes = provenance?.at(-1)?.passes ?? [];
  const lines = passes.flatMap(({ pass, sites, skipped }) => [
    `  ${pass} at ${sites.length} sites`,
    ...skipped.map(({ site, reason }) => `  not at ${site}: ${reason}`),
  ]);
  return `${manifest.name}  ${kind}, fingerprint ${fingerprint}, in ${directory}\n${lines.join('\n')}\n`;
}
