import { randomUUID } from 'node:crypto';
import { mediaTypeOf } from '../image/media-type.js';
import { checkPixelRegion } from '../image/region.js';
import { thumbnail } from '../image/thumbnail.js';
import type { RankingStage } from '../ranking/ranking-stage.js';
import type { Filter } from '../store/filter.js';
import type { Commit, ContentDescriptor, ImageWrite, PutOutcome, Store } from '../store/store.js';
import type { CollectionConfig, ImageRecord, ImageSource, IndexConfig, Metadata, RegionsConfig } from '../types.js';
import type { IndexStats } from '../vector-index/vector-index.js';
import type { Description } from './describer.js';
import { categoriesOf, type CategoriesInfo } from './categorise.js';
import { Epoch, currentEpoch } from './epoch.js';
import type { EpochHolder } from './epoch-holder.js';
import { Gate } from './gate.js';
import { GeometricVerifier } from './geometric-verifier.js';
import { exportImages } from './export-images.js';
import { Jobs, type Job, type JobContext } from './jobs.js';
import {
  addFeedback,
  searchAgain,
  searchAndLog,
  type LoggedSearchRequest,
  type FeedbackRequest,
  type QueryPage,
  type SearchContext,
} from './logged-search.js';
import { learnDomains, type LearnDomainsOptions } from './learn-domains.js';
import { OriginalKeeper } from './original-keeper.js';
import type { PicturePlace } from './picture-places.js';
import { CollectionPaths } from './paths.js';
import { checkDescriptor } from './query.js';
import { QueryKeeper } from './query-keeper.js';
import { hasRegions } from './region-describer.js';
import { reembed, type ReembedOptions } from './reembed.js';
import type { SearchAnswer } from './run-search.js';
import type { CollectionServices } from './services.js';
import type { FoundSubjects } from './subject-finder.js';
import { trainCategoryHead, type TrainHeadOptions } from './train-head.js';
import { tune } from './tune.js';
import type { TuneRequest } from './tune-request.js';
import { calibrate, type CalibrateOptions } from './calibrate/calibrate.js';
import { comparePictures, type CompareRequest, type Comparison } from './compare/compare.js';
import { DuplicateFinder, type DuplicatesPage, type DuplicatesRequest } from './duplicates/duplicate-finder.js';
import { calibrationFacts, calibrationOf, type CalibrationFacts } from './calibrate/calibration.js';
import { verifyCollection, type VerifyOptions } from './verify.js';
import { pickDefined } from '../pick-defined.js';
import { sha256 } from '../sha256.js';

export interface PutRequest {
  /** Without one, a random id is made. */
  id?: string;
  bytes: Uint8Array;
  metadata?: Metadata;
  source?: ImageSource;
  signal?: AbortSignal;
}

export interface PutAnswer {
  record: ImageRecord;
  outcome: PutOutcome;
  /** Sequence of the commit, for `minSequence`. */
  sequence: number;
  /** The bytes were known, so their stored descriptor was used again. */
  reused: boolean;
}

export interface CollectionInfo {
  name: string;
  model: string;
  fingerprint: string;
  dimension: number;
  images: number;
  nodes: number;
  sequence: number;
  createdAt: string;
  /** As they were asked for; absent where the model's own are used. */
  chain?: CollectionConfig['chain'];
  scales?: CollectionConfig['scales'];
  keepOriginals: boolean;
  indexConfig: IndexConfig;
  ranking: RankingStage[];
  regions: RegionsConfig;
  categoryField?: string | undefined;
  textFields: string[];
  /** What was learned behind the chain, see tune.ts; absent where nothing was. */
  tuning?: CollectionConfig['tuning'];
  /** Absent where it was not calibrated yet. */
  calibration?: CalibrationFacts;
  domainField?: string | undefined;
  index: IndexStats;
}

/** One named set of images: add, remove, search. */
export class Collection implements EpochHolder {
  readonly name: string;
  readonly paths: CollectionPaths;
  readonly services: CollectionServices;
  readonly originals: OriginalKeeper;
  /** Writes pass it; re-embedding is alone in it while it swaps epochs. */
  readonly gate = new Gate();
  /** Searches of late, and feedback on them. */
  readonly queries: QueryKeeper;
  /** Long work that is going on. */
  readonly jobs = new Jobs();
  readonly #geometry: GeometricVerifier;
  readonly #duplicates: DuplicateFinder;
  #epoch: Epoch;

  private constructor(name: string, paths: CollectionPaths, services: CollectionServices, epoch: Epoch) {
    this.name = name;
    this.paths = paths;
    this.services = services;
    this.originals = new OriginalKeeper(paths.originals);
    this.#geometry = new GeometricVerifier(this.originals, services);
    this.#duplicates = new DuplicateFinder(this.#geometry);
    this.queries = new QueryKeeper({
      file: paths.queries,
      retentionMs: services.config.queryRetentionHours * 3_600_000,
      log: (event, facts) => services.log(event, { collection: name, ...facts }),
    });
    this.#epoch = epoch;
  }

  /** Opens what lies on disk. @throws `store_corrupt` and its kin; the engine quarantines then */
  static async open(name: string, services: CollectionServices): Promise<Collection> {
    const paths = new CollectionPaths(services.config.dataDir, name);
    const epoch = await Epoch.open(paths, await currentEpoch(paths), services);
    return new Collection(name, paths, services, epoch);
  }

  /** The epoch in use. */
  get epoch(): Epoch {
    return this.#epoch;
  }

  info(): Promise<CollectionInfo> {
    return this.#read((epoch) => this.#infoOf(epoch));
  }

  async #infoOf(epoch: Epoch): Promise<CollectionInfo> {
    const { store, index, model, config } = epoch;
    const info = await store.info();
    const calibration = await calibrationOf(epoch);
    return {
      name: this.name,
      model: model.manifest.name,
      fingerprint: info.fingerprint,
      dimension: info.dimension,
      images: info.images,
      nodes: info.nodes,
      sequence: info.sequence,
      createdAt: info.createdAt,
      ...pickDefined(config, ['chain', 'scales', 'tuning']),
      keepOriginals: config.keepOriginals,
      indexConfig: config.index,
      ranking: config.ranking,
      regions: config.regions,
      ...pickDefined(config, ['categoryField', 'domainField']),
      textFields: config.textFields,
      ...(calibration === undefined ? {} : { calibration: calibrationFacts(calibration) }),
      index: await index.stats(),
    };
  }

  /** Adds or replaces an image. Durable when it returns. @throws the image codes */
  async put(request: PutRequest): Promise<PutAnswer> {
    const contentHash = await sha256(request.bytes);
    return this.gate.pass(async () => {
      const { store, index, config } = this.#epoch;
      const known = reusable(await store.descriptorByContent(contentHash), config);
      const described = known ?? (await describeForStore(this.#epoch, request));
      const source: ImageSource = request.source ?? { kind: 'upload' };
      const id = request.id ?? randomUUID();
      const write = {
        ...{ id, contentHash, width: described.width, height: described.height, format: described.format },
        ...{ bytes: request.bytes.length, perceptualHash: described.perceptualHash },
        ...{ metadata: request.metadata ?? {}, source, descriptor: described.vector, regions: described.regions },
      };
      const keep = config.keepOriginals && source.kind !== 'file';
      const commit = await this.originals.holding(keep ? request.bytes : undefined, contentHash, () =>
        store.put(write),
      );
      index.note(commit);
      await this.#dropOriginal(commit);
      return { record: commit.record, outcome: commit.outcome, sequence: commit.sequence, reused: known !== undefined };
    });
  }

  /**
   * Adds an image that was described elsewhere by the same model, bit for bit: for imports.
   * @throws `fingerprint_mismatch`, `dimension_mismatch`, `invalid_descriptor`, `invalid_region`
   */
  async putDescribed(write: ImageWrite, fingerprint: string): Promise<PutAnswer> {
    const commit = await this.#write(({ model, store }) => {
      const expected = { fingerprint: model.fingerprint, dimension: model.manifest.dimension };
      const descriptor = checkDescriptor(write.descriptor, fingerprint, expected);
      const regions = write.regions?.map((region) => {
        checkPixelRegion(region.box, write);
        return { box: region.box, descriptor: checkDescriptor(region.descriptor, fingerprint, expected) };
      });
      return store.put({ ...write, descriptor, regions });
    });
    return { record: commit.record, outcome: commit.outcome, sequence: commit.sequence, reused: true };
  }

  /** Merges the patch into the metadata (RFC 7396: null removes a field). @throws `image_not_found` */
  patchMetadata(id: string, patch: Metadata): Promise<Commit & { record: ImageRecord }> {
    return this.#write(({ store }) => store.patchMetadata(id, patch));
  }

  /** @throws `image_not_found` */
  async delete(id: string): Promise<{ sequence: number }> {
    const commit = await this.#write(({ store }) => store.delete(id));
    await this.#dropOriginal(commit);
    return { sequence: commit.sequence };
  }

  get(id: string): Promise<ImageRecord> {
    return this.#read(({ store }) => store.get(id));
  }

  list(page: { after?: string; limit: number; filter?: Filter }): Promise<ImageRecord[]> {
    return this.#read(({ store }) => store.list(page));
  }

  count(filter?: Filter): Promise<number> {
    return this.#read(({ store }) => store.count(filter));
  }

  idsByContent(contentHashes: string[]): Promise<Record<string, string[]>> {
    return this.#read(({ store }) => store.idsByContent(contentHashes));
  }

  /** The bytes as they were added. @throws `image_not_found`, `original_not_available` */
  async original(id: string): Promise<{ bytes: Uint8Array; mediaType: string; record: ImageRecord }> {
    const record = await this.get(id);
    return { bytes: await this.originals.read(record), mediaType: mediaTypeOf(record.format), record };
  }

  /** A WebP picture that fits a square of `sizePx`. @throws as {@link original} */
  async thumbnail(id: string, sizePx: number): Promise<{ bytes: Uint8Array; record: ImageRecord }> {
    const { bytes, record } = await this.original(id);
    return { bytes: await thumbnail(bytes, { limits: this.services.limits, size: sizePx }), record };
  }

  /** The descriptor of a picture that is not stored. @throws the image codes */
  describe(
    bytes: Uint8Array,
    options: Pick<PicturePlace, 'region' | 'context'> & { signal?: AbortSignal } = {},
  ): Promise<Description> {
    return this.#read(({ describer }) => describer.describe(bytes, options));
  }

  /** What a picture that is not stored shows, best first. @throws the image codes */
  findSubjects(bytes: Uint8Array, signal?: AbortSignal): Promise<FoundSubjects> {
    return this.#read(({ subjects }) => subjects.find(bytes, signal));
  }

  /** The nearest images to the combined queries. @throws the codes of images, descriptors and `image_not_found` */
  search(request: LoggedSearchRequest): Promise<SearchAnswer> {
    return this.#read((epoch) => searchAndLog(this.#searchContext(epoch), request));
  }

  /** A search of late, asked again. @throws `query_not_found`, `fingerprint_mismatch` */
  searchAgain(queryId: string, page: QueryPage): Promise<SearchAnswer> {
    return this.#read((epoch) => searchAgain(this.#searchContext(epoch), queryId, page));
  }

  /** Stores which images of an answer were chosen. @throws `query_not_found`, `image_not_found`, `invalid_request` */
  addFeedback(feedback: FeedbackRequest): Promise<{ id: string; createdAt: string }> {
    return this.#read((epoch) => addFeedback(epoch, this.queries, feedback));
  }

  /** The category field, and the head that was trained on it. */
  categories(): Promise<CategoriesInfo> {
    return this.#read(categoriesOf);
  }

  /** Every image with its descriptor, for an export; or about `sample` of them. */
  exportImages(sample?: number): AsyncGenerator<ImageWrite> {
    return exportImages(this, sample);
  }

  /** What the metadata hold, counted over about `sample` images. */
  fields(sample: number): ReturnType<Store['fields']> {
    return this.#read(({ store }) => store.fields(sample));
  }

  /** Starts describing every image again with another model or chain, see reembed.ts. @throws `job_running` */
  startReembed(options: Pick<ReembedOptions, 'model' | 'chain' | 'scales' | 'dropUnavailable'>): Job {
    return this.jobs.start('reembed', (context) => reembed(this, { ...options, ...context }));
  }

  /** Starts training a category head, see train-head.ts. @throws `job_running` */
  startTrainHead(options: Omit<TrainHeadOptions, keyof JobContext>): Job {
    return this.jobs.start('train-head', (context) => trainCategoryHead(this, { ...options, ...context }));
  }

  /** Starts learning a projection from labels or feedback, see tune.ts. @throws `job_running` */
  startTune(request: TuneRequest): Job {
    return this.jobs.start('tune', (context) => tune(this, { ...request, ...context }));
  }

  /** Starts learning the mean of each domain, see learn-domains.ts. @throws `job_running` */
  startLearnDomains(options: Pick<LearnDomainsOptions, 'field'>): Job {
    return this.jobs.start('learn-domains', (context) => learnDomains(this, { ...options, ...context }));
  }

  /** Starts checking store, index and originals, see verify.ts. @throws `job_running` */
  startVerify(options: Pick<VerifyOptions, 'repair'>): Job {
    return this.jobs.start('verify', (context) => verifyCollection(this, { ...options, ...context }));
  }

  /** Groups of duplicates, see find-duplicates.ts. @throws `not_calibrated` */
  duplicates(request: DuplicatesRequest): Promise<DuplicatesPage> {
    return this.#read((epoch) => this.#duplicates.page(epoch, request));
  }

  /** What two pictures are to each other. @throws the image codes, `image_not_found`, `original_not_available` */
  compare(request: CompareRequest): Promise<Comparison> {
    const { originals, services } = this;
    return this.#read((epoch) => comparePictures({ epoch, originals, services }, request));
  }

  /** Starts learning what scores mean here, see calibrate.ts. @throws `job_running` */
  startCalibrate(options: Pick<CalibrateOptions, 'images'>): Job {
    return this.jobs.start('calibrate', (context) => calibrate(this, { ...options, ...context }));
  }

  /** Saves the graph, so that the next start needs no replay. */
  checkpoint(): Promise<void> {
    return this.#epoch.index.checkpoint();
  }

  /** Puts another epoch in place of this one; the caller is alone in the gate. @returns the epoch that was in use. */
  replaceEpoch(epoch: Epoch): Epoch {
    const old = this.#epoch;
    this.#epoch = epoch;
    return old;
  }

  /** Stops jobs, waits for running writes, saves the graph, closes store and workers. */
  async close(): Promise<void> {
    this.#duplicates.close();
    await this.jobs.close();
    await this.gate.alone(() => this.#epoch.close()).finally(() => this.queries.close());
  }

  #searchContext(epoch: Epoch): SearchContext {
    const { ranking } = this.services;
    return { epoch, ranking, geometry: this.#geometry, log: this.queries };
  }

  /** Runs a read on the epoch in use, which stays open until it is done. */
  async #read<T>(task: (epoch: Epoch) => Promise<T>): Promise<T> {
    const epoch = this.#epoch;
    const release = epoch.hold();
    try {
      return await task(epoch);
    } finally {
      release();
    }
  }

  #write<C extends Commit>(write: (epoch: Epoch) => Promise<C>): Promise<C> {
    return this.gate.pass(async () => {
      const epoch = this.#epoch;
      const commit = await write(epoch);
      epoch.index.note(commit);
      return commit;
    });
  }

  async #dropOriginal(commit: Commit): Promise<void> {
    if (commit.unusedContent !== undefined) await this.originals.drop(commit.unusedContent);
  }
}

/** What is stored of the same bytes, unless it lacks the regions that the collection describes (an import may). */
function reusable(known: ContentDescriptor | undefined, { regions }: CollectionConfig): ContentDescriptor | undefined {
  return hasRegions(regions) && known?.regions === undefined ? undefined : known;
}

async function describeForStore(
  { describer, describeRegions }: Epoch,
  { bytes, signal }: PutRequest,
): Promise<ContentDescriptor> {
  const { vector, perceptualHash, facts } = await describer.describe(bytes, pickDefined({ signal }, ['signal']));
  const regions = await describeRegions(bytes, signal);
  return { vector, perceptualHash, width: facts.width, height: facts.height, format: facts.format, regions };
}
