import { answerQueries, describeItems, type Answer } from './answer-queries.js';
import { compareSystems } from './compare-systems.js';
import { pickDefined } from '../pick-defined.js';
import { makePlan, type EvaluatedSystem, type EvaluationOptions, type EvaluationPlan } from './evaluation-plan.js';
import { bestAndWorst } from './examples.js';
import { meanTimings } from './mean-timings.js';
import type { DescribedItem } from './ranking.js';
import { CLEAN, type EvaluationReport, type EvaluationRun, type SystemResult } from './report/report-schema.js';
import { summarizeRun } from './summarize-run.js';
import type { Transform } from './transforms/transform.js';

/**
 * Measures one system: an untouched run, then one run per transform of the queries against the same untouched gallery.
 * @throws invalid_request where nothing can be measured or a name is unknown or given twice; what `describe` throws, with
 * the picture named; the signal's reason when it is aborted.
 */
export async function runEvaluation(
  options: EvaluationOptions & Omit<EvaluatedSystem, 'name'> & { name?: string },
): Promise<EvaluationReport> {
  const { name = 'default', describe } = options;
  return runSweep({ ...options, systems: [{ name, describe, ...pickDefined(options, ['describeQuery', 'rank']) }] });
}

/** Measures several systems on the same queries, and each against the first. Throws as {@link runEvaluation}. */
export async function runSweep(
  options: EvaluationOptions & { systems: readonly EvaluatedSystem[] },
): Promise<EvaluationReport> {
  const plan = makePlan(options, options.systems);
  const systems: SystemResult[] = [];
  for (const system of options.systems) systems.push(await evaluateSystem(system, plan));
  return {
    format: 1,
    protocol: {
      name: plan.protocol.name,
      queries: plan.queries.length,
      withoutPositives: plan.protocol.queries.length - plan.queries.length,
      gallery: plan.protocol.gallery.length,
    },
    metrics: plan.metrics.map(({ name, label, max }) => ({ name, label, max })),
    bootstrap: plan.bootstrap,
    queries: plan.queries.map(({ id, label }) => ({ id, label })),
    systems,
    comparisons: compareSystems(systems, plan.bootstrap),
  };
}

async function evaluateSystem(system: EvaluatedSystem, plan: EvaluationPlan): Promise<SystemResult> {
  const { queries, gallery } = await describeUntouched(system, plan);
  const answers = await answerQueries(system, queries, gallery, plan);
  const clean = summarize(CLEAN, answers, plan);
  const runs = [clean];
  for (const transform of plan.transforms) runs.push(await runTransform(system, gallery, transform, plan, clean));
  return { name: system.name, runs, ...bestAndWorst(answers, clean, plan) };
}

/** A query that is the gallery's own item is described once, unless queries are described in another way. */
async function describeUntouched(
  system: EvaluatedSystem,
  plan: EvaluationPlan,
): Promise<{ queries: DescribedItem[]; gallery: DescribedItem[] }> {
  if (system.describeQuery !== undefined) {
    const queries = await describeItems(asQueries(system), plan.queries, plan);
    return { queries, gallery: await describeItems(system, plan.protocol.gallery, plan) };
  }
  const items = [...new Set([...plan.protocol.gallery, ...plan.queries])];
  const described = await describeItems(system, items, plan);
  const byItem = new Map(items.map((item, position) => [item, described[position]!]));
  return {
    queries: plan.queries.map((item) => byItem.get(item)!),
    gallery: plan.protocol.gallery.map((item) => byItem.get(item)!),
  };
}

/** The system as it describes queries. */
function asQueries({ name, describe, describeQuery = describe }: EvaluatedSystem) {
  return { name, describe: describeQuery };
}

async function runTransform(
  system: EvaluatedSystem,
  gallery: readonly DescribedItem[],
  transform: Transform,
  plan: EvaluationPlan,
  clean: EvaluationRun,
): Promise<EvaluationRun> {
  const queries = await describeItems(asQueries(system), plan.queries, plan, transform);
  const answers = await answerQueries(system, queries, gallery, plan, transform.name);
  return summarize(transform.name, answers, plan, clean);
}

function summarize(
  transform: string,
  answers: readonly Answer[],
  { queries, metrics, bootstrap }: EvaluationPlan,
  clean?: EvaluationRun,
): EvaluationRun {
  const judged = answers.map((answer) => answer.judged);
  return { ...summarizeRun(transform, queries, judged, metrics, bootstrap, clean), ...meanTimings(answers) };
}
