import type { Answer } from './answer-queries.js';
import type { EvaluationPlan } from './evaluation-plan.js';
import type { EvaluationRun, Example } from './report/report-schema.js';

/**
 * Picks the best and worst queries by the first metric. Equal values keep the order of the queries; labels not shown yet
 * go first, or a single easy class would fill the page.
 * @param answers by query, of the run
 */
export function bestAndWorst(
  answers: readonly Answer[],
  run: EvaluationRun,
  plan: EvaluationPlan,
): { best: Example[]; worst: Example[] } {
  const values = run.values[plan.metrics[0]!.name]!;
  const toExample = (query: number): Example => {
    const { id, label } = plan.queries[query]!;
    const { judged, hits } = answers[query]!;
    return { query: id, label, value: values[query]!, positives: judged.positives, hits };
  };
  const pick = (direction: 1 | -1): Example[] => {
    const order = values.map((_, query) => query).sort((a, b) => direction * (values[a]! - values[b]!) || a - b);
    return newLabelsFirst(order, (query) => plan.queries[query]!.label)
      .slice(0, plan.examples.queries)
      .map(toExample);
  };
  return { best: pick(-1), worst: pick(1) };
}

function newLabelsFirst(order: readonly number[], labelOf: (query: number) => string): number[] {
  const seen = new Set<string>();
  const isNew = order.map((query) => seen.size < seen.add(labelOf(query)).size);
  return [...order.filter((_, place) => isNew[place]), ...order.filter((_, place) => !isNew[place])];
}
