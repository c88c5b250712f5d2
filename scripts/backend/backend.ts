import type { AcrossRequest } from '../../engine/category/across-request.js';
import type { DomainsReport } from '../../engine/category/domain-means.js';
import type { CategoryRequest } from '../../engine/category/category-request.js';
import type { HeadReport } from '../../engine/category/category-head.js';
import type { CategoriesInfo } from '../../engine/collection/categorise.js';
import type { CalibrateOptions } from '../../engine/collection/calibrate/calibrate.js';
import type { CalibrationFacts } from '../../engine/collection/calibrate/calibration.js';
import type { CollectionInfo, PutAnswer } from '../../engine/collection/collection.js';
import type { Comparison } from '../../engine/collection/compare/compare.js';
import type { DuplicateImages, DuplicatesRequest } from '../../engine/collection/duplicates/duplicate-finder.js';
import type { FeedbackRequest, QueryPage } from '../../engine/collection/logged-search.js';
import type { SearchAnswer } from '../../engine/collection/run-search.js';
import type { LearnDomainsOptions } from '../../engine/collection/learn-domains.js';
import type { TrainHeadOptions } from '../../engine/collection/train-head.js';
import type { ModelChangeReport } from '../../engine/collection/change-model.js';
import type { ReembedOptions } from '../../engine/collection/reembed.js';
import type { VerifyFault, VerifyOptions } from '../../engine/collection/verify.js';
import type { TuneOptions, TuneReport } from '../../engine/collection/tune.js';
import type { Verdict } from '../../engine/duplicates/verdict.js';
import type { FixedInputs } from '../../engine/model/manifest.js';
import type { Fusion } from '../../engine/ranking/fusion.js';
import type { RankingStage } from '../../engine/ranking/ranking-stage.js';
import type { Filter } from '../../engine/store/filter.js';
import type { ImageWrite } from '../../engine/store/store.js';
import type { CollectionConfig, ImageRecord, ImageSource, Metadata, Region, Subject } from '../../engine/types.js';

export interface PutInput {
  id: string;
  bytes: Uint8Array;
  metadata: Metadata;
  source: ImageSource;
}

export interface SearchInput {
  /** None beside a text, else at least one; several are combined by their weights, those below 0 are counter-examples. */
  pictures: { bytes: Uint8Array; mask?: Uint8Array; weight: number }[];
  /** Words to look for in the collection's textFields. */
  text?: string;
  fusion?: Fusion;
  k: number;
  ef?: number;
  filter?: Filter;
  /** Of each picture: every region is a query of its own. */
  regions?: Region[];
  /** Share of a region's size that is added on each side. */
  context?: number;
  subject?: 'auto';
  /** Values of inputs of the model, in place of its own. */
  inputs?: FixedInputs;
  ranking?: RankingStage[];
  category?: CategoryRequest;
  within?: 'predicted';
  /** Loosest verdict of a hit. */
  minVerdict?: Verdict;
  across?: AcrossRequest;
}

/** An answer as the commands show it; queries says what was understood of the picture. */
export type FoundImages = Omit<SearchAnswer, 'queries'> & { queries: object[] };

/** What a picture shows, in oriented pixels of its size. */
export interface PictureSubjects {
  subjects: Subject[];
  width: number;
  height: number;
}

/** One collection as the commands see it, whether it is open in this process or behind a running server. */
export interface CollectionBackend {
  info(): Promise<CollectionInfo>;
  put(input: PutInput): Promise<Pick<PutAnswer, 'outcome' | 'sequence'>>;
  /** The stored image, or undefined. */
  find(id: string): Promise<ImageRecord | undefined>;
  list(): AsyncIterable<ImageRecord>;
  /** @returns false if there was no such image. */
  remove(id: string): Promise<boolean>;
  search(input: SearchInput): Promise<FoundImages>;
  findSubjects(bytes: Uint8Array): Promise<PictureSubjects>;
  /** The bytes as they were added. @throws `original_not_available` */
  original(id: string): Promise<Uint8Array>;
  searchAgain(queryId: string, page: QueryPage): Promise<FoundImages>;
  addFeedback(feedback: FeedbackRequest): Promise<{ id: string }>;
  thumbnail(id: string, sizePx: number): Promise<Uint8Array>;
  exportImages(): AsyncIterable<ImageWrite>;
  importImage(write: ImageWrite, fingerprint: string): Promise<void>;
  verify(options: VerifyOptions): Promise<VerifyFault[]>;
  trainHead(options: TrainHeadOptions): Promise<HeadReport>;
  categories(): Promise<CategoriesInfo>;
  reembed(options: ReembedOptions): Promise<ModelChangeReport>;
  tune(options: TuneOptions): Promise<TuneReport>;
  calibrate(options: CalibrateOptions): Promise<CalibrationFacts>;
  /** Every group of duplicates. @throws `not_calibrated` */
  duplicates(wanted: Pick<DuplicatesRequest, 'verdict' | 'geometry'>): AsyncIterable<DuplicateImages>;
  compare(request: { a: Uint8Array; b: Uint8Array; picture: boolean }): Promise<Comparison>;
  learnDomains(options: LearnDomainsOptions): Promise<DomainsReport>;
}

/** Where the commands find collections. */
export interface Backend {
  /** Pictures worth having in flight at once to keep it busy. */
  readonly concurrency: number;
  names(): Promise<string[]>;
  /** @param create makes it if it is missing, with this config. @throws `collection_not_found` */
  collection(name: string, create?: Partial<CollectionConfig>): Promise<CollectionBackend>;
  close(): Promise<void>;
}
