import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ClassicalThread } from './classical/classical-thread.js';
import { Collection } from './collection/collection.js';
import { createStore, setCurrentEpoch } from './collection/epoch.js';
import { copyCollectionModel } from './collection/collection-model.js';
import { CollectionPaths, collectionsFolder } from './collection/paths.js';
import { FeatureKeeper } from './collection/feature-keeper.js';
import { checkRegions } from './collection/region-describer.js';
import type { CollectionServices, EventLog } from './collection/services.js';
import { defaultCollectionConfig, engineConfigSchema, type EngineConfig } from './config.js';
import { LikenessError, toLikenessError, type ErrorCode } from './errors.js';
import { Extractor } from './extractor.js';
import { Detectors } from './model/detector-folder.js';
import { ModelRegistry } from './model/registry.js';
import { pickDefined } from './pick-defined.js';
import { RankingThread } from './ranking/ranking-thread.js';
import { makeFolderDurably, renameDurably } from './durable-file.js';
import { acquireDataDirLock, type DataDirLock } from './store/data-dir-lock.js';
import { collectionConfigSchema, collectionNameSchema, type CollectionConfig } from './types.js';

/** The collection that always exists. */
export const DEFAULT_COLLECTION = 'default';
/** Codes that mean: the files of this collection are damaged, put it aside and serve the others. */
const DAMAGE: readonly ErrorCode[] = [
  'store_corrupt',
  'generation_corrupt',
  'store_too_new',
  'model_invalid',
  'model_not_found',
  'fingerprint_mismatch',
];
/** Folders that are deleted or half made; removed at the next start. */
const TRASH = '.trash-';

export interface EngineOptions {
  /** Names this process to others that want the same data directory. */
  command: string;
  log?: EventLog;
}

/** For programs of their own: {@link Engine.open} with defaults for what the config leaves out. @throws `data_dir_locked` */
export function openEngine(config: z.input<typeof engineConfigSchema>, options: EngineOptions): Promise<Engine> {
  return Engine.open(engineConfigSchema.parse(config), options);
}

/** All collections of one data directory, which it holds alone until closed. */
export class Engine {
  readonly services: CollectionServices;
  readonly lock: DataDirLock;
  readonly #collections = new Map<string, Collection>();
  readonly #quarantined = new Map<string, LikenessError>();
  #ready = false;

  private constructor(services: CollectionServices, lock: DataDirLock) {
    this.services = services;
    this.lock = lock;
  }

  /**
   * Takes the data directory, starts the inference workers and opens every collection; a damaged one is put aside and
   * told of, never in the way of the others.
   * @throws `data_dir_locked` naming the holder
   */
  static async open(config: EngineConfig, options: EngineOptions): Promise<Engine> {
    const engine = await Engine.start(config, options);
    await engine.openCollections();
    return engine;
  }

  /**
   * As {@link open} without the collections, so that a server can listen while they open.
   * @throws `data_dir_locked`; `model_not_found`, `model_invalid` of the detector
   */
  static async start(config: EngineConfig, options: EngineOptions): Promise<Engine> {
    await makeFolderDurably(collectionsFolder(config.dataDir));
    const detector = config.detector === '' ? undefined : await new Detectors(config.dataDir).load(config.detector);
    const lock = await acquireDataDirLock(config.dataDir, { command: options.command });
    const limits = {
      ...{ maxBytes: config.maxImageBytes, maxPixels: config.maxImagePixels },
      timeoutMs: config.decodeTimeoutMs,
    };
    const classical = new ClassicalThread();
    const services: CollectionServices = {
      config,
      limits,
      models: new ModelRegistry(config.dataDir),
      extractor: new Extractor({ threads: config.inferenceThreads }),
      ...pickDefined({ detector }, ['detector']),
      ranking: new RankingThread(),
      classical,
      features: new FeatureKeeper({ classical, limits }),
      log: options.log ?? (() => undefined),
    };
    return new Engine(services, lock);
  }

  /** Opens what lies on disk, and makes the default collection if it is missing. */
  async openCollections(): Promise<void> {
    for (const name of await this.#namesOnDisk()) await this.#openOrQuarantine(name);
    if (!this.#collections.has(DEFAULT_COLLECTION) && !this.#quarantined.has(DEFAULT_COLLECTION))
      await this.create(DEFAULT_COLLECTION);
    this.#ready = true;
  }

  /** True once each collection is open or put aside. */
  get ready(): boolean {
    return this.#ready;
  }

  /** @returns the open collections, by name. */
  list(): Collection[] {
    return [...this.#collections.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @returns the collections that are damaged, with what was found. */
  quarantined(): { name: string; error: LikenessError }[] {
    return [...this.#quarantined].map(([name, error]) => ({ name, error }));
  }

  /** @throws `collection_not_found`, `collection_quarantined`, `not_ready` */
  get(name: string): Collection {
    const collection = this.#collections.get(name);
    if (collection !== undefined) return collection;
    const damage = this.#quarantined.get(name);
    if (damage !== undefined) {
      throw new LikenessError(
        'collection_quarantined',
        `collection ${name} is damaged and was put aside: ${damage.message}`,
        { cause: damage },
      );
    }
    if (!this.#ready) throw new LikenessError('not_ready', `collection ${name} is not open yet`);
    throw new LikenessError('collection_not_found', `expected the name of a collection, got ${name}`);
  }

  /** Makes an empty collection. @throws `collection_exists`, `model_not_found`, `invalid_request` */
  async create(name: string, input: Partial<CollectionConfig> = {}): Promise<Collection> {
    const checked = collectionNameSchema.safeParse(name);
    if (!checked.success)
      throw new LikenessError(
        'invalid_request',
        `expected a collection name (a-z, 0-9, _ and -), got ${JSON.stringify(name)}`,
      );
    if (this.#collections.has(name) || this.#quarantined.has(name)) {
      throw new LikenessError('collection_exists', `expected a new name, but collection ${name} exists`);
    }
    const config = collectionConfigSchema.parse({ ...defaultCollectionConfig(this.services.config), ...input });
    await this.#makeFolder(name, config);
    const collection = await Collection.open(name, this.services);
    this.#collections.set(name, collection);
    return collection;
  }

  /** Removes a collection and its files. A damaged one can be removed too. @throws as {@link get} */
  async delete(name: string): Promise<void> {
    if (!this.#quarantined.delete(name)) {
      const collection = this.get(name);
      this.#collections.delete(name);
      await collection.close();
    }
    const trash = join(collectionsFolder(this.services.config.dataDir), `${TRASH}${name}-${Date.now()}`);
    await renameDurably(new CollectionPaths(this.services.config.dataDir, name).root, trash);
    await rm(trash, { recursive: true, force: true });
  }

  /** Saves every graph, closes everything, frees the data directory. */
  async close(): Promise<void> {
    await Promise.allSettled(this.list().map((collection) => collection.close()));
    await this.services.extractor.close();
    await this.services.ranking.close();
    await this.services.classical.close();
    await this.lock.close();
  }

  /** Made whole under another name and then renamed, so that a crash leaves no half-made collection. */
  async #makeFolder(name: string, config: CollectionConfig): Promise<void> {
    const { dataDir } = this.services.config;
    const model = await copyCollectionModel(this.services, config);
    checkRegions(config.regions, model, this.services);
    const draft = new CollectionPaths(dataDir, `${TRASH}new-${name}`);
    await rm(draft.root, { recursive: true, force: true });
    const store = await createStore(draft, 1, { name, config, model });
    await store.close();
    await setCurrentEpoch(draft, 1);
    await renameDurably(draft.root, new CollectionPaths(dataDir, name).root);
  }

  async #namesOnDisk(): Promise<string[]> {
    const folder = collectionsFolder(this.services.config.dataDir);
    const names = await readdir(folder);
    const trash = names.filter((name) => name.startsWith(TRASH));
    await Promise.all(trash.map((name) => rm(join(folder, name), { recursive: true, force: true })));
    return names.filter((name) => collectionNameSchema.safeParse(name).success).sort();
  }

  async #openOrQuarantine(name: string): Promise<void> {
    try {
      this.#collections.set(name, await Collection.open(name, this.services));
    } catch (thrown) {
      const error = toLikenessError(thrown);
      if (!DAMAGE.includes(error.code)) throw error;
      this.#quarantined.set(name, error);
      this.services.log('collection-quarantined', { collection: name, code: error.code, message: error.message });
    }
  }
}
