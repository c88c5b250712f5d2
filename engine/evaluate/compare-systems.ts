import { pairedDifference, type BootstrapOptions } from './bootstrap.js';
import type { Comparison, EvaluationRun, SystemResult } from './report/report-schema.js';

/** @returns each system against the first, run by run and metric by metric; nothing for a single system. */
export function compareSystems(systems: readonly SystemResult[], options: BootstrapOptions): Comparison[] {
  const [baseline, ...others] = systems;
  if (!baseline) return [];
  return others.flatMap((system) =>
    system.runs.flatMap((_, run) =>
      Object.keys(system.runs[run]!.values).map((metric) => compareRun(system, baseline, run, metric, options)),
    ),
  );
}

function compareRun(
  system: SystemResult,
  baseline: SystemResult,
  run: number,
  metric: string,
  options: BootstrapOptions,
): Comparison {
  const [ours, theirs] = [system.runs[run]!, baseline.runs[run]!];
  const comparison = {
    system: system.name,
    baseline: baseline.name,
    transform: ours.transform,
    metric,
    difference: pairedDifference(ours.values[metric]!, theirs.values[metric]!, options),
  };
  if (!ours.drop) return comparison;
  const [ourDrops, theirDrops] = [drops(system.runs[0]!, ours, metric), drops(baseline.runs[0]!, theirs, metric)];
  return { ...comparison, dropDifference: pairedDifference(ourDrops, theirDrops, options) };
}

/** @returns untouched minus transformed, by query. */
function drops(clean: EvaluationRun, transformed: EvaluationRun, metric: string): number[] {
  return clean.values[metric]!.map((value, query) => value - transformed.values[metric]![query]!);
}
