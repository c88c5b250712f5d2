import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { stageFiles } from './chain-stage.js';
import { fingerprint } from './fingerprint.js';
import { extractorFiles } from './classical-extractor.js';
import {
  classicalManifestSchema,
  isNetwork,
  networkManifestSchema,
  type Manifest,
  type NetworkManifest,
} from './manifest.js';

export const MANIFEST_FILE = 'manifest.json';

/** A model whose files were found to be those that its manifest names. */
export interface LoadedManifest {
  manifest: Manifest;
  directory: string;
  fingerprint: string;
}

/** One of them that is a network. */
export interface LoadedNetwork extends LoadedManifest {
  manifest: NetworkManifest;
}

/** A file beside the manifest and what its bytes must hash to. */
export interface ModelFile {
  file: string;
  sha256: string;
}

/**
 * Reads a model's folder: the manifest, and every file that it names against its hash.
 * @throws model_not_found without a manifest, model_invalid if the manifest or a file is not as it should be.
 */
export async function loadModelFolder(directory: string): Promise<LoadedManifest> {
  const manifest = await readManifest(directory);
  for (const file of modelFiles(manifest)) await verifyFile(directory, file);
  return { manifest, directory, fingerprint: fingerprint(manifest) };
}

/** As {@link loadModelFolder}, of a network. @throws the same; invalid_request if the model is none */
export async function loadNetworkFolder(directory: string): Promise<LoadedNetwork> {
  return requireNetwork(await loadModelFolder(directory));
}

/** @returns the manifest of a model's folder, its files unread. @throws model_not_found, model_invalid. */
export async function readManifest(directory: string): Promise<Manifest> {
  return checkManifest(await readJson(join(directory, MANIFEST_FILE)), directory);
}

/** Writes the manifest into a model's folder; it is on the disk when this returns. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeFile(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** @returns the files that the manifest names, each once: the network or vocabulary, then those of the chain. */
export function modelFiles(manifest: Manifest): ModelFile[] {
  if (!isNetwork(manifest)) return valueFiles(manifest);
  const { file, sha256 } = manifest;
  return distinct([{ file, sha256 }, ...valueFiles(manifest)]);
}

/** @returns those of them that hold float32 values: all but the network. */
export function valueFiles(manifest: Manifest): ModelFile[] {
  const ofExtractor = isNetwork(manifest) ? [] : extractorFiles(manifest.extractor);
  const ofChain = manifest.chain.flatMap(stageFiles).map(({ file, sha256 }) => ({ file, sha256 }));
  return distinct([...ofExtractor, ...ofChain]);
}

/** Two stages may share a file; if they do not agree on its hash, both are kept, and one of them fails. */
function distinct(files: readonly ModelFile[]): ModelFile[] {
  return [...new Map(files.map((facts) => [`${facts.file} ${facts.sha256}`, facts])).values()];
}

/** @returns JSON of a manifest's file. @throws model_not_found if there is none, model_invalid if it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LikenessError('model_not_found', `expected a manifest at ${path}, could not read one`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LikenessError('model_invalid', `${path}: expected JSON (${(cause as Error).message})`, { cause });
  }
}

/** @returns json as the manifest that it is: one with an extractor, or of a network. @throws model_invalid as {@link parseManifest} */
export function checkManifest(json: unknown, where: string): Manifest {
  const isClassical = typeof json === 'object' && json !== null && 'extractor' in json;
  return parseManifest(isClassical ? classicalManifestSchema : networkManifestSchema, json, where);
}

/** @returns the model as a network. @throws invalid_request if it is none */
export function requireNetwork(model: LoadedManifest): LoadedNetwork {
  const { manifest } = model;
  if (isNetwork(manifest)) return { ...model, manifest };
  const message = `expected a model that is a network, got ${manifest.name}, which is a ${manifest.extractor.kind}`;
  throw new LikenessError('invalid_request', message);
}

/** @returns json as the schema types it. @throws model_invalid naming each field that is wrong. */
export function parseManifest<S extends z.ZodType>(schema: S, json: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new LikenessError('model_invalid', `manifest of ${where}:\n${z.prettifyError(parsed.error)}`);
}

/** @returns SHA-256 of a file in hex, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function verifyFile(directory: string, { file, sha256 }: ModelFile): Promise<void> {
  const found = await hashFile(join(directory, file)).catch((cause: unknown) => {
    throw new LikenessError('model_invalid', `expected ${file} in ${directory}, could not read it`, { cause });
  });
  if (found !== sha256) {
    throw new LikenessError('model_invalid', `${file} in ${directory}: expected SHA-256 ${sha256}, found ${found}`);
  }
}
