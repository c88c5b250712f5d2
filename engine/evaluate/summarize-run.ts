import { bootstrapMean, mean, pairedDifference, type BootstrapOptions, type Interval } from './bootstrap.js';
import type { JudgedRanking } from './judged-ranking.js';
import type { Metric } from './metrics.js';
import { meanCurve } from './precision-recall.js';
import type { EvaluationItem } from './protocol.js';
import type { EvaluationRun } from './report/report-schema.js';

/**
 * Turns the judged rankings of one run into its part of the report.
 * @param judged by query, in the order of `queries`
 * @param clean the run on untouched queries, if this is not it: the drop is measured against that
 */
export function summarizeRun(
  transform: string,
  queries: readonly EvaluationItem[],
  judged: readonly JudgedRanking[],
  metrics: readonly Metric[],
  options: BootstrapOptions,
  clean?: EvaluationRun,
): EvaluationRun {
  const perMetric = <Value>(value: (name: string, metric: Metric) => Value): Record<string, Value> =>
    Object.fromEntries(metrics.map((metric) => [metric.name, value(metric.name, metric)]));
  const values = perMetric((_, metric) => judged.map((one) => metric.compute(one)));
  const dropOf =
    (from: EvaluationRun) =>
    (name: string): Interval =>
      pairedDifference(from.values[name]!, values[name]!, options);
  return {
    transform,
    metrics: perMetric((name) => bootstrapMean(values[name]!, options)),
    ...(clean ? { drop: perMetric(dropOf(clean)) } : {}),
    values,
    byLabel: [...positionsByLabel(queries)].map(([label, positions]) => ({
      label,
      queries: positions.length,
      metrics: perMetric((name) => mean(positions.map((position) => values[name]![position]!))),
    })),
    curve: meanCurve(judged),
  };
}

/** @returns positions of each label's queries, labels in alphabetical order. */
function positionsByLabel(queries: readonly EvaluationItem[]): [string, number[]][] {
  const groups = new Map<string, number[]>();
  queries.forEach(({ label }, position) => {
    groups.set(label, [...(groups.get(label) ?? []), position]);
  });
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
