import type { Region } from '../types.js';

/** One picture of a listing. Query ids and gallery ids are two name spaces: a query may be in the gallery too. */
export interface EvaluationItem {
  id: string;
  /** Class, landmark or kind of edit: what the results are broken down by. '' = a distractor, relevant to nothing. */
  label: string;
  /** Where the caller's `describe` reads the picture. */
  path: string;
  /** The part of the picture that is asked with, where the protocol gives a box. */
  region?: Region;
}

/**
 * Who asks, what is searched, and what counts. Junk is neither right nor wrong: it is taken out of the ranking before
 * anything is counted. An id that is both relevant and junk is junk, so that leave-one-out can share one set per class.
 */
export interface Protocol {
  name: string;
  queries: readonly EvaluationItem[];
  gallery: readonly EvaluationItem[];
  /** Names of the metrics that this protocol is usually reported in; the first is the headline. */
  metrics: readonly string[];
  /** @returns gallery ids that are right answers. */
  relevant(query: EvaluationItem): ReadonlySet<string>;
  /** @returns gallery ids that do not count. */
  junk(query: EvaluationItem): ReadonlySet<string>;
}

/** What labelled folders are reported in. */
export const CLASS_METRICS: readonly string[] = ['ap', 'precision@10', 'recall-hit@1', 'recall-hit@5', 'ndcg@10'];

export const NO_IDS: ReadonlySet<string> = new Set();

/** @returns the ids of each label; unlabelled items belong to none. */
export function idsByLabel(items: readonly EvaluationItem[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { id, label } of items) {
    if (label === '') continue;
    const group = groups.get(label) ?? new Set<string>();
    groups.set(label, group.add(id));
  }
  return groups;
}
