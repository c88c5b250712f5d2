import { calibrate } from '../../engine/collection/calibrate/calibrate.js';
import type { Collection } from '../../engine/collection/collection.js';
import type { DuplicateImages, DuplicatesRequest } from '../../engine/collection/duplicates/duplicate-finder.js';
import { exportImages } from '../../engine/collection/export-images.js';
import { picturePlaces } from '../../engine/collection/picture-places.js';
import { reembed } from '../../engine/collection/reembed.js';
import { learnDomains } from '../../engine/collection/learn-domains.js';
import { trainCategoryHead } from '../../engine/collection/train-head.js';
import { tune } from '../../engine/collection/tune.js';
import { verifyCollection } from '../../engine/collection/verify.js';
import type { EngineConfig } from '../../engine/config.js';
import { Engine } from '../../engine/engine.js';
import { LikenessError } from '../../engine/errors.js';
import { pickDefined } from '../../engine/pick-defined.js';
import type { CollectionConfig, ImageRecord } from '../../engine/types.js';
import type { Backend, CollectionBackend } from './backend.js';

/** Groups of duplicates per page. */
const PAGE_GROUPS = 100;
/** Images per page of a listing. */
const PAGE_IMAGES = 1000;

/** Collections opened in this process, which holds the data directory meanwhile. */
export class LocalBackend implements Backend {
  readonly concurrency: number;
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
    // one being described in each thread, one waiting there, and as many being read and decoded
    this.concurrency = engine.services.extractor.stats.threads * 3 + 2;
  }

  /** @throws `data_dir_locked` */
  static async open(config: EngineConfig, command: string): Promise<LocalBackend> {
    const log = (event: string, facts: Record<string, unknown>) => {
      if (event !== 'checkpoint') process.stderr.write(`${eventLine(event, facts)}\n`);
    };
    return new LocalBackend(await Engine.open(config, { command, log }));
  }

  names(): Promise<string[]> {
    const damaged = this.#engine.quarantined().map(({ name }) => name);
    return Promise.resolve([...this.#engine.list().map(({ name }) => name), ...damaged].sort());
  }

  async collection(name: string, create?: Partial<CollectionConfig>): Promise<CollectionBackend> {
    return localCollection(await this.#getOrCreate(name, create));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #getOrCreate(name: string, create: Partial<CollectionConfig> | undefined): Promise<Collection> {
    try {
      return this.#engine.get(name);
    } catch (error) {
      if (create === undefined || !(error instanceof LikenessError) || error.code !== 'collection_not_found')
        throw error;
      return this.#engine.create(name, create);
    }
  }
}

/** @returns such as `collection-quarantined: collection shop, code store_corrupt, ...`. */
function eventLine(event: string, facts: Record<string, unknown>): string {
  const words = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return `${event}: ${words.join(', ')}`;
}

function localCollection(collection: Collection): CollectionBackend {
  return {
    info: () => collection.info(),
    put: (input) => collection.put(input),
    find: (id) => collection.get(id).catch(undefinedIfMissing),
    list: () => listAll(collection),
    remove: async (id) => (await collection.delete(id).catch(undefinedIfMissing)) !== undefined,
    search: ({ pictures, k, ...rest }) => {
      const shared = { kind: 'image' as const, ...pickDefined(rest, ['inputs']) };
      const places = picturePlaces(rest);
      const queries = pictures.flatMap((picture) => places.map((place) => ({ ...shared, ...picture, ...place })));
      return collection.search({
        queries,
        k,
        ...pickDefined(rest, [
          'text',
          'fusion',
          'ef',
          'filter',
          'ranking',
          'category',
          'within',
          'across',
          'minVerdict',
        ]),
      });
    },
    findSubjects: async (bytes) => {
      const { subjects, facts } = await collection.findSubjects(bytes);
      return { subjects, width: facts.width, height: facts.height };
    },
    original: async (id) => (await collection.original(id)).bytes,
    searchAgain: (queryId, page) => collection.searchAgain(queryId, page),
    addFeedback: (feedback) => collection.addFeedback(feedback),
    thumbnail: async (id, sizePx) => (await collection.thumbnail(id, sizePx)).bytes,
    exportImages: () => exportImages(collection),
    importImage: async (write, fingerprint) => {
      await collection.putDescribed(write, fingerprint);
    },
    verify: (options) => verifyCollection(collection, options),
    reembed: (options) => reembed(collection, options),
    trainHead: (options) => trainCategoryHead(collection, options),
    categories: () => collection.categories(),
    tune: (options) => tune(collection, options),
    calibrate: (options) => calibrate(collection, options),
    duplicates: (wanted) => allDuplicates(collection, wanted),
    compare: ({ a, b, picture }) => collection.compare({ a: { bytes: a }, b: { bytes: b }, picture }),
    learnDomains: (options) => learnDomains(collection, options),
  };
}

async function* allDuplicates(
  collection: Collection,
  wanted: Pick<DuplicatesRequest, 'verdict' | 'geometry'>,
): AsyncIterable<DuplicateImages> {
  for (let after: { after?: string } = {}; ;) {
    const { groups, next } = await collection.duplicates({ ...wanted, limit: PAGE_GROUPS, ...after });
    yield* groups;
    if (next === undefined) return;
    after = { after: next };
  }
}

async function* listAll(collection: Collection): AsyncIterable<ImageRecord> {
  for (let after: string | undefined; ;) {
    const page = await collection.list({ limit: PAGE_IMAGES, ...(after === undefined ? {} : { after }) });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof LikenessError && error.code === 'image_not_found') return undefined;
  throw error;
}
