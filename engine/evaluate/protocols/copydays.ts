import path from 'node:path';
import { NO_IDS, type EvaluationItem, type Protocol } from '../protocol.js';

/** Copydays names a picture by six digits: the first four are the original's, the last two count its edits. */
export function copydaysGroup({ id }: EvaluationItem): string {
  return path.posix.parse(id).name.slice(0, -2);
}

/**
 * Copydays-style copy detection (Douze 2009): edited pictures ask for the original they were made from, among all originals
 * and any distractors. An edit's label is the kind of edit, so that results break down by it. The whole gallery is ranked;
 * published numbers sometimes count the first 20 places only, which can only be lower.
 * @param originals one or more pictures a group
 * @param edits the queries; those of a group without an original are left out of the means
 * @param distractors pictures relevant to nothing
 * @param groupOf what an edit and its original have in common
 */
export function copydays(
  originals: readonly EvaluationItem[],
  edits: readonly EvaluationItem[],
  distractors: readonly EvaluationItem[] = [],
  groupOf: (item: EvaluationItem) => string = copydaysGroup,
): Protocol {
  const groups = new Map<string, Set<string>>();
  for (const original of originals) {
    const group = groupOf(original);
    groups.set(group, (groups.get(group) ?? new Set<string>()).add(original.id));
  }
  return {
    name: 'copydays',
    queries: edits,
    gallery: [...originals, ...distractors],
    metrics: ['ap-trapezoid', 'ap', 'recall-hit@1'],
    relevant: (edit) => groups.get(groupOf(edit)) ?? NO_IDS,
    junk: () => NO_IDS,
  };
}
