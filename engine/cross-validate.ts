import { finiteSumAp } from './evaluate/average-precision.js';
import { descendingOrder } from './evaluate/ranking.js';
import { hasContrast, pairsOf, type FeedbackList } from './learning/feedback-lists.js';
import { assignFolds, type HoldOut } from './learning/folds.js';
import { MapLearner, type Candidate, type LabelledRows } from './learning/learning-method.js';
import type { LinearMap } from './learning/linear-map.js';
import { rowOf, selectRows, type Rows } from './learning/rows.js';
import { project } from './descriptor/projection.js';
import { l2Normalize } from './descriptor/l2.js';

/** Queries asked at most, evenly spread over all: more make the interval narrower and the wait longer. */
const MAX_QUERIES = 2000;

/** What is learned from, and how it is held out. */
export type LearningData =
  | (LabelledRows & { folds: number; holdOut: HoldOut })
  | { kind: 'feedback'; rows: Rows; lists: FeedbackList[]; folds: number };

/** One fold: what projections are learned from, and the average precisions of the fold's queries behind one. */
export interface Fold {
  learner: MapLearner;
  averagePrecisions: (learned: LinearMap | undefined) => number[];
}

/**
 * Splits for k-fold cross-validation: for each fold, projections are learned from the others, and the fold's queries asked.
 *
 * - labels, by images: the gallery is everything but the query, as for a new picture of a class that is known.
 * - labels, by classes: the gallery is the rest of the fold, whose classes were never learned from.
 * - feedback: what was shown is ordered again; the chosen should come first.
 */
export function splitFolds(data: LearningData): Fold[] {
  const split = data.kind === 'labels' ? labelFold : feedbackFold;
  const fold = foldsOf(data);
  return Array.from({ length: data.folds }, (_, held) => split(data as never, fold, held));
}

/** @param candidate absent: no projection. @returns average precision (finite sum) of each query, always in the same order */
export function crossValidate(candidate: Candidate | undefined, folds: readonly Fold[]): Float64Array {
  return Float64Array.from(
    folds.flatMap(({ learner, averagePrecisions }) => averagePrecisions(candidate && learner.learn(candidate))),
  );
}

function foldsOf(data: LearningData): Int32Array {
  if (data.kind === 'labels') return assignFolds(data.classes, data.folds, data.holdOut);
  // answers to one query stay together, or its descriptor would be on both sides
  const queries = Int32Array.from(data.lists, ({ query }) => query);
  return assignFolds(queries, data.folds, 'classes');
}

function labelFold(
  { rows, classes, holdOut }: Extract<LearningData, { kind: 'labels' }>,
  fold: Int32Array,
  held: number,
): Fold {
  const training = rowsWhere(fold, (it) => it !== held);
  const gallery = rowsWhere(fold, (it) => holdOut === 'images' || it === held);
  const asked = everySoMany(classes.length);
  const queries = [...gallery.keys()].filter((place) => fold[gallery[place]!] === held && asked(gallery[place]!));
  const galleryClasses = pick(classes, gallery);
  return {
    learner: new MapLearner({ kind: 'labels', rows: selectRows(rows, training), classes: pick(classes, training) }),
    averagePrecisions: (learned) => {
      const projected = projectRows(learned, selectRows(rows, gallery));
      return queries.flatMap((query) => averagePrecision(query, projected, galleryClasses));
    },
  };
}

function feedbackFold(
  { rows, lists }: Extract<LearningData, { kind: 'feedback' }>,
  fold: Int32Array,
  held: number,
): Fold {
  const training = lists.filter((_, i) => fold[i] !== held);
  const asked = lists.filter((list, i) => fold[i] === held && hasContrast(list));
  return {
    learner: new MapLearner(pairsOf(rows, training)),
    averagePrecisions: (learned) => asked.map((list) => shownPrecision(list, rows, learned)),
  };
}

/** @returns a test that so many rows pass, evenly spread, that there are at most MAX_QUERIES of them. */
function everySoMany(count: number): (row: number) => boolean {
  const step = Math.ceil(count / MAX_QUERIES);
  return (row) => row % step === 0;
}

/** @returns the average precision of one row as query to all others; none where its class has no other. */
function averagePrecision(query: number, gallery: Rows, classes: Int32Array): number[] {
  const scores = scoresOf(gallery, rowOf(gallery, query));
  scores[query] = -Infinity;
  const ranks: number[] = [];
  descendingOrder(scores).forEach((row, rank) => {
    if (row !== query && classes[row] === classes[query]) ranks.push(rank);
  });
  return ranks.length === 0 ? [] : [finiteSumAp({ ranks: Uint32Array.from(ranks), positives: ranks.length })];
}

/** @returns the average precision of the chosen among the shown, ordered by the projected cosine. */
function shownPrecision({ query, shown, clicked }: FeedbackList, rows: Rows, learned: LinearMap | undefined): number {
  const projected = projectRows(learned, selectRows(rows, [query, ...shown]));
  const scores = scoresOf(projected, rowOf(projected, 0)).slice(1);
  const ranks: number[] = [];
  descendingOrder(scores).forEach((i, rank) => {
    if (clicked[i]) ranks.push(rank);
  });
  return finiteSumAp({ ranks: Uint32Array.from(ranks), positives: Math.max(1, ranks.length) });
}

/** @returns each row behind the projection and l2; without one, as it is. */
function projectRows(learned: LinearMap | undefined, rows: Rows): Rows {
  if (learned === undefined) return rows;
  const dimension = learned.outputs;
  const values = new Float32Array(rows.count * dimension);
  for (let row = 0; row < rows.count; row++)
    values.set(l2Normalize(project(learned, rowOf(rows, row))), row * dimension);
  return { count: rows.count, dimension, values };
}

function scoresOf({ values, count, dimension }: Rows, query: Float32Array): Float32Array {
  const scores = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let k = 0, at = row * dimension; k < dimension; k++, at++) sum += values[at]! * query[k]!;
    scores[row] = sum;
  }
  return scores;
}

function rowsWhere(values: Int32Array, test: (value: number) => boolean): number[] {
  const rows: number[] = [];
  values.forEach((value, row) => {
    if (test(value)) rows.push(row);
  });
  return rows;
}

function pick(values: Int32Array, rows: readonly number[]): Int32Array {
  return Int32Array.from(rows, (row) => values[row]!);
}
