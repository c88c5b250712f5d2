import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { stageFiles } from './chain-stage.js';
import { fingerprint } from './fingerprint.js';
import { manifestSchema, type Manifest } from './manifest.js';

export const MANIFEST_FILE = 'manifest.json';

/** A model whose files were found to be those that its manifest names. */
export interface LoadedManifest {
  manifest: Manifest;
  directory: string;
  fingerprint: string;
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

/** @returns the manifest of a model's folder, its files unread. @throws model_not_found, model_invalid. */
export async function readManifest(directory: string): Promise<Manifest> {
  return parseManifest(manifestSchema, await readJson(join(directory, MANIFEST_FILE)), directory);
}

/** Writes the manifest into a model's folder; it is on the disk when this returns. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeFile(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** @returns the files that the manifest names, each once: the network, then those of the chain. */
export function modelFiles(manifest: Manifest): ModelFile[] {
  const { file, sha256 } = manifest;
  const ofChain = manifest.chain.flatMap(stageFiles).map((facts) => ({ file: facts.file, sha256: facts.sha256 }));
  // two stages may share a file; if they do not agree on its hash, both are kept, and one of them fails
  const byFacts = new Map([{ file, sha256 }, ...ofChain].map((facts) => [`${facts.file} ${facts.sha256}`, facts]));
  return [...byFacts.values()];
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
