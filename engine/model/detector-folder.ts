import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import { writeFileDurably } from '../durable-file.js';
import { detectorManifestSchema, type DetectorManifest } from './detector-manifest.js';
import { copyFileDurably, installFolder } from './install-folder.js';
import { hashFile, MANIFEST_FILE, parseManifest, readJson } from './model-folder.js';

/** A detector whose network was found to be the one that its manifest names. */
export interface LoadedDetector {
  manifest: DetectorManifest;
  directory: string;
}

/** The detectors of a data directory; none come with the package. */
export class Detectors {
  readonly #directory: string;

  constructor(dataDir: string) {
    this.#directory = join(dataDir, 'detectors');
  }

  /** @returns the names, in order. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.#directory, { withFileTypes: true }).catch(() => []);
    // a name with a dot in front is one that is being installed
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  }

  /** @throws model_not_found naming those that are there, model_invalid if its files are not as they should be. */
  async load(name: string): Promise<LoadedDetector> {
    const names = await this.names();
    if (names.includes(name)) return loadDetectorFolder(join(this.#directory, name));
    const there = names.length === 0 ? 'none is there' : names.join(', ');
    throw new LikenessError('model_not_found', `expected an installed detector (${there}), got ${name}`);
  }

  /**
   * Installs a detector; the manifest may leave out the hash.
   * @param tryDetector runs the network in a folder once.
   * @throws model_invalid if manifest and network do not agree, invalid_request if the name is taken.
   */
  async add(
    onnxFile: string,
    manifestFile: string,
    tryDetector: (directory: string) => Promise<void>,
  ): Promise<LoadedDetector> {
    const draft = await readJson(manifestFile);
    const sha256 = await hashFile(onnxFile).catch((cause: unknown) => {
      throw new LikenessError('model_invalid', `expected a network at ${onnxFile}, could not read it`, { cause });
    });
    const given = typeof draft === 'object' ? draft : {};
    const manifest = parseManifest(detectorManifestSchema, { sha256, ...given }, manifestFile);
    if ((await this.names()).includes(manifest.name))
      throw new LikenessError('invalid_request', `expected a name that is free, got ${manifest.name}`);
    const directory = join(this.#directory, manifest.name);
    await installFolder(directory, async (staging) => {
      await copyFileDurably(onnxFile, join(staging, manifest.file));
      await writeFileDurably(join(staging, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
      await loadDetectorFolder(staging);
      await tryDetector(staging);
    });
    return { manifest, directory };
  }

  /** @throws model_not_found */
  async remove(name: string): Promise<void> {
    const { directory } = await this.load(name);
    await rm(directory, { recursive: true });
  }
}

/** @throws model_not_found without a manifest, model_invalid if it or the network is not as it should be. */
export async function loadDetectorFolder(directory: string): Promise<LoadedDetector> {
  const manifest = parseManifest(detectorManifestSchema, await readJson(join(directory, MANIFEST_FILE)), directory);
  const found = await hashFile(join(directory, manifest.file)).catch(() => 'no file');
  if (found === manifest.sha256) return { manifest, directory };
  const message = `${manifest.file} in ${directory}: expected SHA-256 ${manifest.sha256}, found ${found}`;
  throw new LikenessError('model_invalid', message);
}
