import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { makeFolderDurably, writeFileDurably } from '../durable-file.js';
import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { LoadedManifest } from '../model/model-folder.js';
import { StoreClient } from '../store/store-client.js';
import type { Store } from '../store/store.js';
import { collectionConfigSchema, type CollectionConfig, type Json } from '../types.js';
import { Describer } from './describer.js';
import { IndexKeeper } from './index-keeper.js';
import { LearnedFiles } from './learned-files.js';
import { modelCopiesFolder, type CollectionPaths } from './paths.js';
import { regionDescriber, type RegionDescriber } from './region-describer.js';
import type { CollectionServices, EventLog } from './services.js';
import { SubjectFinder } from './subject-finder.js';
import { subjectSource } from './subject-sources.js';

/** The seal tells a flipped digit from the number of another epoch, such as one that is half copied. */
const currentSchema = z
  .strictObject({ epoch: z.number().int().positive(), sha256: z.string() })
  .refine(({ epoch, sha256 }) => sha256 === seal(epoch), 'expected a SHA-256 that fits the epoch');

/** @returns the number of the epoch in use. @throws `store_corrupt` if current.json is missing or damaged */
export async function currentEpoch(paths: CollectionPaths): Promise<number> {
  try {
    return currentSchema.parse(JSON.parse(await readFile(paths.current, 'utf8'))).epoch;
  } catch (error) {
    throw new LikenessError('store_corrupt', `expected the number of an epoch in ${paths.current}: ${String(error)}`, {
      cause: error,
    });
  }
}

/** Makes an epoch the one in use; durable when it returns. */
export async function setCurrentEpoch(paths: CollectionPaths, epoch: number): Promise<void> {
  await writeFileDurably(paths.current, JSON.stringify({ epoch, sha256: seal(epoch) }));
}

function seal(epoch: number): string {
  return createHash('sha256').update(`epoch ${epoch}`).digest('hex');
}

/** Makes the store of a new epoch. @returns it open, empty. */
export async function createStore(
  paths: CollectionPaths,
  epoch: number,
  collection: { name: string; config: CollectionConfig; model: LoadedManifest; sequence?: number },
): Promise<Store> {
  await makeFolderDurably(paths.epoch(epoch));
  const { name, config, model } = collection;
  const create = {
    name,
    fingerprint: model.fingerprint,
    dimension: model.manifest.dimension,
    // what is absent stays absent
    config: JSON.parse(JSON.stringify(config)) as Json,
    ...pickDefined(collection, ['sequence']),
  };
  return StoreClient.open({ file: paths.store(epoch), create });
}

/** A collection under one fingerprint: its model, its store, and the index kept in step with it. */
export class Epoch {
  readonly number: number;
  readonly model: LoadedManifest;
  readonly config: CollectionConfig;
  readonly store: Store;
  readonly index: IndexKeeper;
  readonly describer: Describer;
  /** Finds what its model sees in pictures. */
  readonly subjects: SubjectFinder;
  /** Describes the parts of pictures that are stored beside the whole. */
  readonly describeRegions: RegionDescriber;
  /** What was learned from its descriptors. */
  readonly learned: LearnedFiles;
  readonly #whenFree: (() => void)[] = [];
  #holders = 0;

  private constructor(
    number: number,
    parts: Pick<
      Epoch,
      'model' | 'config' | 'store' | 'index' | 'describer' | 'subjects' | 'describeRegions' | 'learned'
    >,
  ) {
    this.number = number;
    this.model = parts.model;
    this.config = parts.config;
    this.store = parts.store;
    this.index = parts.index;
    this.describer = parts.describer;
    this.subjects = parts.subjects;
    this.describeRegions = parts.describeRegions;
    this.learned = parts.learned;
  }

  /** Opens the store, the model copy that its fingerprint names, and the index. */
  static async open(paths: CollectionPaths, number: number, services: CollectionServices): Promise<Epoch> {
    const store = await StoreClient.open({ file: paths.store(number) });
    try {
      return await Epoch.over(store, paths, number, services);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** As {@link open}, over a store that is open already; the epoch closes it. */
  static async over(
    store: Store,
    paths: CollectionPaths,
    number: number,
    services: CollectionServices,
  ): Promise<Epoch> {
    const info = await store.info();
    const config = collectionConfigSchema.parse(info.config);
    const model = await services.models.openCopy(modelCopiesFolder(services.config.dataDir), info.fingerprint);
    const log: EventLog = (event, facts) => services.log(event, { collection: info.name, ...facts });
    const index = await IndexKeeper.open({
      store,
      directory: paths.generations(number),
      fingerprint: info.fingerprint,
      dimension: info.dimension,
      config: config.index,
      checkpointEvery: services.config.checkpointEvery,
      log,
    });
    const learned = new LearnedFiles({ folder: paths.learned(number), log });
    const describer = new Describer(model, services.extractor, services.limits);
    const subjects = new SubjectFinder(subjectSource(model, services), services.limits);
    const describeRegions = regionDescriber(config.regions, model, subjects, services);
    return new Epoch(number, { model, config, store, index, describer, subjects, describeRegions, learned });
  }

  /** Keeps the epoch open until the returned function is called, even if it is replaced meanwhile. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      if (this.#holders === 0) this.#whenFree.splice(0).forEach((resolve) => resolve());
    };
  }

  /** Waits for those who hold it, saves the graph, closes store and index. */
  async close(): Promise<void> {
    if (this.#holders > 0) await new Promise<void>((resolve) => this.#whenFree.push(resolve));
    await this.index.close();
    await this.store.close();
  }
}
