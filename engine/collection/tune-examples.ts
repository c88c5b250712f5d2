import { join } from 'node:path';
import { LikenessError } from '../errors.js';
import type { LearningData } from '../cross-validate.js';
import { hasContrast, type FeedbackList } from '../learning/feedback-lists.js';
import { Reservoir } from '../learning/reservoir.js';
import { stackRows } from '../learning/rows.js';
import type { LearnerThread } from '../learner-thread.js';
import { readFloat32File } from '../model/float32-file.js';
import { stageFiles, type ChainStage } from '../model/chain-stage.js';
import type { LoadedManifest } from '../model/model-folder.js';
import { stagesSince } from '../projected-model.js';
import type { Feedback } from '../store/query-log.js';
import type { ImagePage, Store } from '../store/store.js';
import type { ImageRecord } from '../types.js';
import type { Epoch } from './epoch.js';
import { combineQueries, type QueryFacts } from './query.js';
import type { QueryKeeper } from './query-keeper.js';
import type { TuneRequest } from './tune-request.js';

/** Images per page of the walk. */
const PAGE_IMAGES = 256;
/** Images that are learned from at most, drawn from all that have a label. */
const MAX_IMAGES = 10_000;
/** Answers with feedback that are learned from at most, the last that came. */
const MAX_LISTS = 10_000;
const MIN_IMAGES = 20;
/** Chosen hits, and answers with something chosen and something not. */
const MIN_PAIRS = 50;
const MIN_LISTS = 20;

/** What is learned from, and how much of it there is. */
export interface TuneExamples {
  data: LearningData;
  counts: { images: number; classes?: number; pairs?: number; answers?: number };
}

/**
 * Descriptors of the images that have a label, with their classes; a class is a value (text, number, boolean) that two
 * distinct pictures have. Pictures with the same descriptor count once a class.
 * @throws `too_few_examples`
 */
export async function labelledExamples(
  { store }: Epoch,
  { label = '', folds, holdOut }: TuneRequest,
): Promise<TuneExamples> {
  const sample = new Reservoir<{ key: string; vector: Float32Array }>(MAX_IMAGES);
  for await (const item of labelledImages(store, label)) sample.offer(item);
  const counts = new Map<string, number>();
  for (const { key } of sample.items) counts.set(key, (counts.get(key) ?? 0) + 1);
  const used = sample.items.filter(({ key }) => counts.get(key)! > 1);
  const numbers = new Map([...new Set(used.map(({ key }) => key))].map((key, i) => [key, i]));
  refuseTooFewLabels(label, used.length, numbers.size, holdOut);
  const data = {
    kind: 'labels' as const,
    rows: stackRows(used.map(({ vector }) => vector)),
    classes: Int32Array.from(used, ({ key }) => numbers.get(key)!),
    // every fold needs two classes to tell apart
    folds: holdOut === 'classes' ? Math.min(folds, Math.floor(numbers.size / 2)) : folds,
    holdOut,
  };
  return { data, counts: { images: used.length, classes: numbers.size } };
}

/**
 * Queries and images that were shown for them, from all feedback whose queries can be compared with the images: of the
 * model in use, or of the same before a projection was learned behind it. Images that are gone since are passed over.
 * @throws `too_few_examples`
 */
export async function feedbackExamples(
  epoch: Epoch,
  queries: QueryKeeper,
  learner: LearnerThread,
  { folds }: TuneRequest,
): Promise<TuneExamples> {
  const reader = new FeedbackReader(epoch, learner);
  const lists: FeedbackList[] = [];
  for (const feedback of await lastOf(queries.feedback(), MAX_LISTS)) {
    const list = await reader.listOf(feedback);
    if (list?.clicked.includes(true) === true) lists.push(list);
  }
  const pairs = lists.reduce((sum, { clicked }) => sum + clicked.filter(Boolean).length, 0);
  refuseTooFewClicks(pairs, lists.filter(hasContrast).length);
  const rows = stackRows(reader.vectors);
  return {
    data: { kind: 'feedback', rows, lists, folds },
    counts: { images: reader.images, answers: lists.length, pairs },
  };
}

async function* labelledImages(store: Store, label: string): AsyncGenerator<{ key: string; vector: Float32Array }> {
  const seen = new Set<string>();
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: ImagePage = await store.imagePage(after, PAGE_IMAGES);
    const dimension = page.vectors.length / Math.max(1, page.records.length);
    for (const [row, record] of page.records.entries()) {
      const key = classKey(record, label);
      const once = `${page.nodes[row]!} ${key ?? ''}`;
      if (key === undefined || seen.has(once)) continue;
      seen.add(once);
      yield { key, vector: page.vectors.slice(row * dimension, (row + 1) * dimension) };
    }
    after = page.next;
  }
}

/** @returns a text for the value of the field, in which 1 and "1" differ; undefined where it is no class. */
function classKey({ metadata }: ImageRecord, label: string): string | undefined {
  const value = Object.hasOwn(metadata, label) ? metadata[label] : undefined;
  return ['string', 'number', 'boolean'].includes(typeof value) ? JSON.stringify(value) : undefined;
}

function refuseTooFewLabels(label: string, images: number, classes: number, holdOut: TuneRequest['holdOut']): void {
  const fewest = holdOut === 'classes' ? 4 : 2;
  if (images >= MIN_IMAGES && classes >= fewest) return;
  const hint = holdOut === 'classes' && classes >= 2 ? '; with holdOut images, 2 classes are enough' : '';
  throw new LikenessError(
    'too_few_examples',
    `expected at least ${MIN_IMAGES} images in ${fewest} classes of ${label} with two images or more, ` +
      `got ${images} in ${classes}${hint}`,
    { details: { images, classes } },
  );
}

function refuseTooFewClicks(pairs: number, lists: number): void {
  if (pairs >= MIN_PAIRS && lists >= MIN_LISTS) return;
  throw new LikenessError(
    'too_few_examples',
    `expected feedback with at least ${MIN_PAIRS} chosen images, and ${MIN_LISTS} answers of which some images were ` +
      `chosen and some not, got ${pairs} and ${lists} that can be compared with the images as they are now`,
    { details: { pairs, answers: lists } },
  );
}

/** Turns feedback into rows: each image once, each query once. */
class FeedbackReader {
  readonly vectors: Float32Array[] = [];
  readonly #epoch: Epoch;
  readonly #learner: LearnerThread;
  readonly #imageRows = new Map<string, number | undefined>();
  readonly #queryRows = new Map<string, number>();
  readonly #stages = new Map<string, ChainStage[] | undefined>();
  /** Fingerprint whose stages the learner has. */
  #applied = '';

  constructor(epoch: Epoch, learner: LearnerThread) {
    this.#epoch = epoch;
    this.#learner = learner;
  }

  get images(): number {
    return this.vectors.length - this.#queryRows.size;
  }

  async listOf(feedback: Feedback): Promise<FeedbackList | undefined> {
    const query = this.#queryRows.get(feedback.queryId) ?? (await this.#addQuery(feedback));
    if (query === undefined) return undefined;
    const list: FeedbackList = { query, shown: [], clicked: [] };
    for (const id of feedback.shown) {
      const row = this.#imageRows.has(id) ? this.#imageRows.get(id) : await this.#addImage(id);
      if (row === undefined) continue;
      list.shown.push(row);
      list.clicked.push(feedback.clicked.includes(id));
    }
    return list;
  }

  async #addQuery({ queryId, fingerprint, parts }: Feedback): Promise<number | undefined> {
    // a search by words alone has no vector
    if (parts.length === 0 || !(await this.#apply(fingerprint))) return undefined;
    const behind = parts.map(async ({ vector, facts }) => ({
      vector: await this.#learner.apply(vector),
      facts: facts as unknown as QueryFacts,
    }));
    const row = this.vectors.push(combineQueries(await Promise.all(behind))) - 1;
    this.#queryRows.set(queryId, row);
    return row;
  }

  /** @returns false if descriptors of that fingerprint cannot be brought to the model in use. */
  async #apply(fingerprint: string): Promise<boolean> {
    const { model } = this.#epoch;
    if (!this.#stages.has(fingerprint)) this.#stages.set(fingerprint, stagesSince(model, fingerprint));
    const stages = this.#stages.get(fingerprint);
    if (stages === undefined || fingerprint === this.#applied) return stages !== undefined;
    await this.#learner.useStages(await stagesWithValues(model, stages));
    this.#applied = fingerprint;
    return true;
  }

  async #addImage(id: string): Promise<number | undefined> {
    const found = await this.#epoch.store.descriptorOf(id).catch(undefinedIfGone);
    const row = found && this.vectors.push(found.vector) - 1;
    this.#imageRows.set(id, row);
    return row;
  }
}

/** @returns the stages with the values of their files, which lie in the model's folder. */
export async function stagesWithValues(
  { directory }: Pick<LoadedManifest, 'directory'>,
  stages: ChainStage[],
): Promise<Parameters<LearnerThread['useStages']>[0]> {
  const values: Record<string, Float32Array> = {};
  for (const { file } of stages.flatMap(stageFiles)) values[file] = await readFloat32File(join(directory, file));
  return { stages, values };
}

function undefinedIfGone(error: unknown): undefined {
  if (error instanceof LikenessError && error.code === 'image_not_found') return undefined;
  throw error;
}

async function lastOf<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const last: T[] = [];
  for await (const item of items) {
    last.push(item);
    if (last.length > count) last.shift();
  }
  return last;
}
