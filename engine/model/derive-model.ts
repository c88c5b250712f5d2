import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { sha256 } from '../sha256.js';
import type { TryModel } from './add-model.js';
import { Graph } from './graph/graph.js';
import { copyFileDurably, installFolder } from './install-folder.js';
import { networkManifestSchema, modelNameSchema, type FixedInputs, type NetworkManifest } from './manifest.js';
import {
  loadModelFolder,
  loadNetworkFolder,
  modelFiles,
  parseManifest,
  writeManifest,
  type LoadedNetwork,
} from './model-folder.js';
import { normalizationKind } from './normalization-kind.js';
import { readOnnx, writeOnnx } from './onnx/onnx-file.js';
import type { ModelProto } from './onnx/onnx_pb.js';
import type { Provenance } from './passes/pass.js';

/** A network after some passes, and values of the inputs that they added. */
export interface Rewritten {
  model: ModelProto;
  passes: Provenance[];
  inputs?: FixedInputs;
}

export interface DeriveRequest {
  parent: LoadedNetwork;
  /** Makes the new network; the one that it is given stays as it was. */
  rewrite: (network: ModelProto) => Rewritten | Promise<Rewritten>;
  name: string;
  /** Folder of the new model; must not be there yet. */
  directory: string;
  /** Describes a picture with the model in a folder, as engine/try-model.ts does. */
  tryModel: TryModel;
}

/**
 * Makes a model folder of another one: the network rewritten, the same preprocessing and chain, a manifest that tells
 * where it came from. It is tried before it takes its name; if anything fails, nothing is written.
 * @throws invalid_request for a wrong name, a folder that is there, or as the passes do; model_invalid if the network
 * cannot be rewritten, or does not run afterwards.
 */
export async function deriveModel(request: DeriveRequest): Promise<LoadedNetwork> {
  const { parent, name, directory } = request;
  checkName(name);
  await checkFree(directory);
  const bytes = await readFile(join(parent.directory, parent.manifest.file));
  const rewritten = await request.rewrite(readOnnx(bytes));
  checkInputs(rewritten);
  const onnx = writeOnnx(rewritten.model);
  const manifest = derivedManifest(parent.manifest, name, rewritten, await sha256(onnx));
  await installFolder(directory, async (staging) => {
    await writeFile(join(staging, manifest.file), onnx, { flush: true });
    for (const { file } of modelFiles(manifest).slice(1))
      await copyFileDurably(join(parent.directory, file), join(staging, file));
    await writeManifest(staging, manifest);
    await loadModelFolder(staging);
    await request.tryModel(staging);
  });
  return loadNetworkFolder(directory);
}

/** Matters of the parent's network (description, notes) are said anew; the licence stays. */
function derivedManifest(
  parent: NetworkManifest,
  name: string,
  { model, passes, inputs }: Rewritten,
  hash: string,
): NetworkManifest {
  const done = passes.map(({ pass, sites }) => `${pass} at ${sites.length} site${sites.length === 1 ? '' : 's'}`);
  const derivation = { parent: { name: parent.name, sha256: parent.sha256 }, passes };
  const provenance = [...(parent.normalization.provenance ?? []), derivation];
  const allInputs = { ...parent.inputs, ...inputs };
  const manifest = {
    ...parent,
    name,
    description: `${parent.name} after ${passes.map(({ pass }) => pass).join(', ')}`,
    sha256: hash,
    ...(Object.keys(allInputs).length === 0 ? {} : { inputs: allInputs }),
    normalization: {
      kind: normalizationKind(
        new Graph(model),
        provenance.flatMap((it) => it.passes),
      ),
      notes: done.join('; '),
      provenance,
    },
  };
  return parseManifest(networkManifestSchema, manifest, name);
}

/** @throws invalid_request unless it is the name of a model. */
export function checkName(name: string): void {
  const parsed = modelNameSchema.safeParse(name);
  if (parsed.success) return;
  const reason = parsed.error.issues.map(({ message }) => message).join('; ');
  throw new LikenessError('invalid_request', `name of the new model: ${reason}, got ${JSON.stringify(name)}`);
}

function checkInputs({ passes, inputs = {} }: Rewritten): void {
  const without = passes.flatMap((it) => it.inputs).filter((name) => !Object.hasOwn(inputs, name));
  if (without.length === 0) return;
  throw new LikenessError(
    'invalid_request',
    `expected values of the inputs that the network gets: ${without.join(', ')}`,
  );
}

/** @throws invalid_request if the folder is there. */
export async function checkFree(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) return;
  throw new LikenessError('invalid_request', `expected a folder that is not there yet, got ${directory}`);
}
