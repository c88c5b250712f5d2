import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LikenessError, toLikenessError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { addModel, type TryModel } from './add-model.js';
import type { Manifest } from './manifest.js';
import { openModelCopy } from './model-copies.js';
import { loadModelFolder, readManifest, type LoadedManifest } from './model-folder.js';

/** The bundled model that the name `default` stands for. */
export const DEFAULT_MODEL = 'small-bn-2';

/** A model folder that was found. problem says why it cannot be used; manifest is there otherwise. */
export interface InstalledModel {
  name: string;
  directory: string;
  bundled: boolean;
  manifest?: Manifest;
  problem?: string;
}

/** The installed models: bundled ones, which are never changed, and the user's. */
export class ModelRegistry {
  readonly #userDirectory: string;
  readonly #bundledDirectory: string;

  /** @param dataDir whose models/ holds the user's. @param bundledDirectory holds those that came with the package. */
  constructor(dataDir: string, bundledDirectory = join(packageRoot(), 'models')) {
    this.#userDirectory = join(dataDir, 'models');
    this.#bundledDirectory = bundledDirectory;
  }

  /** @returns every installed model by name; one that cannot be read is there with its problem. */
  async list(): Promise<InstalledModel[]> {
    const bundled = await listFolder(this.#bundledDirectory, true);
    const users = await listFolder(this.#userDirectory, false);
    const found = [...bundled, ...users.filter(({ name }) => !bundled.some((other) => other.name === name))];
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @returns the model of that name, `default` included. @throws model_not_found naming those that are there. */
  async resolve(name: string): Promise<InstalledModel> {
    const wanted = name === 'default' ? DEFAULT_MODEL : name;
    const models = await this.list();
    const model = models.find((candidate) => candidate.name === wanted);
    if (model !== undefined) return model;
    const names = models.map((candidate) => candidate.name).join(', ');
    throw new LikenessError('model_not_found', `expected an installed model (${names}), got ${wanted}`);
  }

  /** @returns the model of that name with all its files verified. @throws model_not_found, model_invalid. */
  async load(name: string): Promise<LoadedManifest> {
    return loadModelFolder((await this.resolve(name)).directory);
  }

  /** @returns a collection's own copy of a model, verified. @throws model_not_found, model_invalid, fingerprint_mismatch. */
  async openCopy(copiesDirectory: string, fingerprint: string): Promise<LoadedManifest> {
    return openModelCopy(copiesDirectory, fingerprint);
  }

  /**
   * Installs a model of the user's. The manifest may leave out hashes; files of the chain lie beside it.
   * @param tryModel describes a picture with the model in a folder, as engine/try-model.ts does.
   * @throws model_invalid if the network does not do what the manifest says, invalid_request if the name is taken.
   */
  async add(onnxFile: string, manifestFile: string, tryModel: TryModel): Promise<LoadedManifest> {
    const directoryFor = (name: string) => this.newDirectory(name);
    return addModel({ onnxFile, manifestFile, directoryFor, tryModel });
  }

  /** @returns where a new model of the user's goes. @throws invalid_request if the name is taken. */
  async newDirectory(name: string): Promise<string> {
    const taken = (await this.list()).map((model) => model.name);
    if (name !== 'default' && !taken.includes(name)) return join(this.#userDirectory, name);
    throw new LikenessError('invalid_request', `expected a name that is free, got ${name}: remove that model first`);
  }

  /** Deletes a model of the user's; collections made with it keep their own copy. @throws model_not_found, forbidden. */
  async remove(name: string): Promise<void> {
    const model = await this.resolve(name);
    if (model.bundled) throw new LikenessError('forbidden', `${model.name} came with the package and stays`);
    await rm(model.directory, { recursive: true });
  }
}

async function listFolder(folder: string, bundled: boolean): Promise<InstalledModel[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  // a name with a dot in front is one that is being installed
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  return Promise.all(names.map((name) => inspect(name, join(folder, name), bundled)));
}

async function inspect(name: string, directory: string, bundled: boolean): Promise<InstalledModel> {
  try {
    return { name, directory, bundled, manifest: await readManifest(directory) };
  } catch (error) {
    return { name, directory, bundled, problem: toLikenessError(error).message };
  }
}
