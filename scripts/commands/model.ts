import type { Command } from 'commander';
import { modelKind } from '../../engine/model/manifest.js';
import { ModelRegistry } from '../../engine/model/registry.js';
import { loadModelFolder } from '../../engine/model/model-folder.js';
import { tryModel } from '../../engine/try-model.js';
import { toLikenessError } from '../../engine/errors.js';
import { userPath } from '../cli-paths.js';
import { configOf, withConfig } from '../command-options.js';
import { addModelAdapt } from './model-adapt.js';
import { addModelConditional } from './model-conditional.js';
import { addModelFold } from './model-fold.js';
import { addModelInspect } from './model-inspect.js';
import { addModelMix } from './model-mix.js';
import { addModelNormalize } from './model-normalize.js';
import { addModelUnfold } from './model-unfold.js';

type ModelOptions = Record<string, unknown>;

/** `likeness model`: the installed backbones. */
export function addModel(program: Command): void {
  const model = program
    .command('model')
    .description('list, add, remove and check backbones; look into them, and make new ones by another normalisation');
  const command = (name: string, description: string) =>
    withConfig(model.command(name), ['dataDir']).description(description);
  command('list', 'the installed models').action(list);
  command('add', 'install an ONNX backbone; its manifest says how to feed and pool it')
    .argument('<onnx>', 'the network')
    .requiredOption('--manifest <file>', 'manifest.json; hashes that it leaves out are filled in')
    .action(add);
  command('remove', 'remove a model that was added; collections keep their own copy').argument('<name>').action(remove);
  command('verify', 'check the files of every model, or of one, and run it once').argument('[name]').action(verify);
  for (const add of [
    ...[
      addModelInspect,
      addModelNormalize,
      addModelFold,
      addModelUnfold,
      addModelMix,
      addModelAdapt,
      addModelConditional,
    ],
  ]) {
    add(model);
  }
}

function registryOf(options: ModelOptions): ModelRegistry {
  return new ModelRegistry(configOf(options).dataDir);
}

async function list(options: ModelOptions): Promise<void> {
  const { name: standard } = await registryOf(options).resolve('default');
  for (const { name, bundled, manifest, problem } of await registryOf(options).list()) {
    const facts =
      manifest === undefined
        ? `unusable: ${problem ?? ''}`
        : `${manifest.dimension} numbers, ${modelKind(manifest)}, ${manifest.licence}`;
    process.stdout.write(
      `${name}${name === standard ? ' (default)' : ''}  ${bundled ? 'bundled' : 'added'}  ${facts}\n`,
    );
  }
}

async function add(onnx: string, options: ModelOptions & { manifest: string }): Promise<void> {
  const added = await registryOf(options).add(userPath(onnx), userPath(options.manifest), tryModel);
  process.stdout.write(`added ${added.manifest.name}, fingerprint ${added.fingerprint}, in ${added.directory}\n`);
}

async function remove(name: string, options: ModelOptions): Promise<void> {
  await registryOf(options).remove(name);
  process.stdout.write(`removed ${name}\n`);
}

async function verify(name: string | undefined, options: ModelOptions): Promise<void> {
  const registry = registryOf(options);
  const models = name === undefined ? await registry.list() : [await registry.resolve(name)];
  for (const model of models) {
    const problem = await check(model.directory);
    process.stdout.write(`${model.name}  ${problem ?? 'sound'}\n`);
    if (problem !== undefined) process.exitCode = 1;
  }
}

async function check(directory: string): Promise<string | undefined> {
  try {
    await loadModelFolder(directory);
    await tryModel(directory);
    return undefined;
  } catch (error) {
    return toLikenessError(error).message;
  }
}
