import { CATEGORY_HEAD, categoryHeadSchema, type CategoryHead, type HeadReport } from '../category/category-head.js';
import type { CategoryAnswer, CategoryOptions } from '../category/category-request.js';
import { DOMAIN_MEANS, domainMeansSchema, type DomainsReport } from '../category/domain-means.js';
import { labelOf, type Label } from '../category/label.js';
import { narrowTo } from '../category/narrow.js';
import { predictLabels, type Predictor } from '../category/predict.js';
import { VOTE } from '../category/vote-settings.js';
import type { Neighbour } from '../category/vote.js';
import { LikenessError } from '../errors.js';
import { pickDefined } from '../pick-defined.js';
import type { Filter } from '../store/filter.js';
import type { Timings } from '../types.js';
import type { Epoch } from './epoch.js';
import { searchImages } from './image-search.js';
import type { SearchRequest } from './run-search.js';

/** Predicted labels that an answer names. */
const NAMED = 5;

/** What a search goes on with. */
export interface Categorised {
  category?: CategoryAnswer;
  /** The filter as it was, or narrowed to the predicted labels. */
  filter?: Filter;
  timings: Timings;
}

/** What is known of a collection's categories. */
export interface CategoriesInfo {
  /** The field that searches predict when they say nothing. */
  field?: string;
  /** Of the head that was trained last. */
  head?: HeadReport;
  /** The field of the domain, where the collection names one. */
  domainField?: string;
  /** Domains whose means were learned. */
  domains?: DomainsReport;
  /** Of the newest commit, to compare with the head's. */
  sequence: number;
}

/**
 * Predicts the category of a query where that is asked for or set, and narrows the filter to it where that is asked for;
 * else everything stays as it is.
 * @throws `invalid_request` if no field is known, or a head is asked for that was not trained
 */
export async function categorise(
  epoch: Epoch,
  vector: Float32Array,
  exclude: readonly string[],
  { category, within, filter }: Pick<SearchRequest, 'category' | 'within' | 'filter'>,
): Promise<Categorised> {
  const unchanged = { ...pickDefined({ filter }, ['filter']), timings: {} };
  const wanted = category ?? (within !== undefined || epoch.config.categoryField !== undefined);
  if (wanted === false) {
    if (within !== undefined) throw invalid('within: expected category to be on beside it, got false');
    return unchanged;
  }
  const started = performance.now();
  const predicted = await predict(epoch, vector, exclude, wanted === true ? {} : wanted);
  const timings = { category: performance.now() - started };
  const { labels, ...answer } = predicted;
  const named = { ...answer, predicted: labels.slice(0, NAMED) };
  // where nothing is predicted there is nothing to keep to
  if (within === undefined || labels.length === 0) return { ...unchanged, category: named, timings };
  const narrowed = narrowTo(labels);
  const kept: Filter = { [answer.field]: { in: narrowed.labels } };
  return {
    category: { ...named, within: narrowed },
    filter: filter === undefined ? kept : { $and: [filter, kept] },
    timings,
  };
}

/** @returns what is known of an epoch's categories. */
export async function categoriesOf({ config, store, learned }: Epoch): Promise<CategoriesInfo> {
  const head = await learned.read(CATEGORY_HEAD, categoryHeadSchema);
  const domains = await learned.read(DOMAIN_MEANS, domainMeansSchema);
  const { sequence } = await store.info();
  return {
    ...(config.categoryField === undefined ? {} : { field: config.categoryField }),
    ...(head === undefined ? {} : { head: head.report }),
    ...pickDefined(config, ['domainField']),
    ...(domains === undefined ? {} : { domains: domains.report }),
    sequence,
  };
}

async function predict(epoch: Epoch, vector: Float32Array, exclude: readonly string[], options: CategoryOptions) {
  const trained = await epoch.learned.read(CATEGORY_HEAD, categoryHeadSchema);
  const field = options.field ?? epoch.config.categoryField ?? trained?.report.field;
  if (field === undefined)
    throw invalid('category: expected a field, as the collection has no categoryField and no trained head');
  const head = trained?.report.field === field ? trained : undefined;
  const by = predictorOf(field, head, options.by);
  const neighbours =
    by === 'head' ? [] : await labelledNeighbours(epoch, vector, exclude, field, options.neighbours ?? VOTE.neighbours);
  const labels = predictLabels(by, { vector, neighbours, head, temperature: options.temperature });
  return { field, by, labels };
}

function predictorOf(field: string, head: CategoryHead | undefined, by: Predictor | undefined): Predictor {
  if (head !== undefined) return by ?? 'fused';
  if (by === undefined || by === 'vote') return 'vote';
  throw invalid(`category.by: expected vote, as no head was trained on ${JSON.stringify(field)}, got ${by}`);
}

/** The nearest images that have a label: among the nearest of all, or, where too many of these have none, among those that do. */
async function labelledNeighbours(
  { store, index }: Epoch,
  vector: Float32Array,
  exclude: readonly string[],
  field: string,
  count: number,
): Promise<Neighbour[]> {
  const nearest = async (filter: { filter?: Filter }) => {
    const { images } = await searchImages(store, index, { vector, count, exclude, ...filter });
    const labelled = images.flatMap(({ record, score }) => toNeighbour(labelOf(record.metadata, field), score));
    return { labelled, isAll: images.length < count };
  };
  const { labelled, isAll } = await nearest({});
  if (isAll || 2 * labelled.length >= count) return labelled;
  return (await nearest({ filter: { [field]: { exists: true } } })).labelled;
}

function toNeighbour(label: Label | undefined, score: number): Neighbour[] {
  return label === undefined ? [] : [{ label, score }];
}

function invalid(message: string): LikenessError {
  return new LikenessError('invalid_request', message);
}
