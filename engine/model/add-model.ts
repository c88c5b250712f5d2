import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { copyFileDurably, installFolder } from './install-folder.js';
import { networkManifestSchema, type NetworkManifest } from './manifest.js';
import { hashFile, loadModelFolder, modelFiles, parseManifest, readJson, writeManifest } from './model-folder.js';
import type { LoadedManifest } from './model-folder.js';

/** Opens the model in a folder and describes a picture with it; throws model_invalid if that does not work. */
export type TryModel = (directory: string) => Promise<void>;

export interface ModelAddition {
  onnxFile: string;
  /** A manifest, or a draft of one without hashes; files of its chain lie beside it. */
  manifestFile: string;
  /** @returns the folder that a model of that name is to have; throws invalid_request if the name is taken. */
  directoryFor: (name: string) => Promise<string>;
  tryModel: TryModel;
}

const draftFileSchema = z.looseObject({ file: z.string().optional(), sha256: z.string().optional() });
/** A manifest as a person writes it: hashes may be left out, and the network's file name too. */
const draftSchema = z.looseObject({
  file: z.string().default('model.onnx'),
  sha256: z.string().optional(),
  chain: z.array(
    draftFileSchema.extend({ projection: draftFileSchema.optional(), attention: draftFileSchema.optional() }),
  ),
});

/**
 * Installs a model in the folder of its name: copies it durably, fills in missing hashes and tries it before it takes its name.
 * @throws model_invalid if manifest, files and network do not agree, invalid_request if the name is taken.
 */
export async function addModel(addition: ModelAddition): Promise<LoadedManifest> {
  const manifest = await completeManifest(addition);
  const directory = await addition.directoryFor(manifest.name);
  await installFolder(directory, async (staging) => {
    for (const { file } of modelFiles(manifest))
      await copyFileDurably(sourceOf(file, manifest, addition), join(staging, file));
    await writeManifest(staging, manifest);
    await loadModelFolder(staging);
    await addition.tryModel(staging);
  });
  return loadModelFolder(directory);
}

async function completeManifest({ onnxFile, manifestFile }: ModelAddition): Promise<NetworkManifest> {
  const draft = parseManifest(draftSchema, await readJson(manifestFile), manifestFile);
  draft.sha256 ??= await hashSource(onnxFile);
  for (const facts of draft.chain.flatMap((stage) => [stage, stage.projection, stage.attention])) {
    if (facts?.file !== undefined) facts.sha256 ??= await hashSource(join(dirname(manifestFile), facts.file));
  }
  return parseManifest(networkManifestSchema, draft, manifestFile);
}

function sourceOf(file: string, manifest: NetworkManifest, { onnxFile, manifestFile }: ModelAddition): string {
  return file === manifest.file ? onnxFile : join(dirname(manifestFile), file);
}

async function hashSource(path: string): Promise<string> {
  return hashFile(path).catch((cause: unknown) => {
    throw new LikenessError('model_invalid', `expected a file at ${path}, could not read it`, { cause });
  });
}
