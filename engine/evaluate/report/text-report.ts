import type { Timings } from '../../types.js';
import type { Interval } from '../bootstrap.js';
import { formatNumber, formatRange, formatShare, isSupported } from './format-number.js';
import type { EvaluationReport } from './report-schema.js';

/** @returns the report for a terminal: results, drops by transform, differences between systems. Ends with a newline. */
export function renderTextReport(report: EvaluationReport): string {
  const { protocol, bootstrap } = report;
  const leftOut = protocol.withoutPositives > 0 ? ` (${protocol.withoutPositives} without right answers left out)` : '';
  const head = `${protocol.name}: ${protocol.queries} queries${leftOut} against ${protocol.gallery} pictures`;
  const note = `[ ]: ${formatShare(bootstrap.confidence)} bootstrap interval over queries, ${bootstrap.resamples} resamples`;
  return `${[`${head}\n${note}`, ...results(report), ...drops(report), ...differences(report)].join('\n\n')}\n`;
}

function results({ metrics, systems }: EvaluationReport): string[] {
  const isTimed = systems.some(({ runs }) => runs[0]!.timings !== undefined);
  const header = ['system', ...metrics.map(({ label }) => label), ...(isTimed ? ['ranking, ms a query'] : [])];
  const rows = systems.map(({ name, runs }) => [
    name,
    ...metrics.map((metric) => withRange(runs[0]!.metrics[metric.name]!)),
    ...(isTimed ? [timingsText(runs[0]!.timings)] : []),
  ]);
  return [layOut([header, ...rows])];
}

/** @returns such as `search 1.2, mmr 3.4`. */
function timingsText(timings: Timings = {}): string {
  return Object.entries(timings)
    .map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`)
    .join(', ');
}

function drops({ metrics, systems }: EvaluationReport): string[] {
  const transforms = systems[0]!.runs.slice(1).map(({ transform }) => transform);
  if (transforms.length === 0) return [];
  const { name: metric, label } = metrics[0]!;
  const header = ['queries changed by', ...systems.flatMap(({ name }) => [name, 'drop'])];
  const rows = transforms.map((transform, index) => [
    transform,
    ...systems.flatMap(({ runs }) => {
      const { metrics: values, drop } = runs[index + 1]!;
      return [formatNumber(values[metric]!.mean), drop ? withRange(drop[metric]!) : ''];
    }),
  ]);
  return [`${label} by transform, gallery untouched\n${layOut([header, ...rows])}`];
}

function differences({ metrics, comparisons }: EvaluationReport): string[] {
  const { name, label } = metrics[0]!;
  const rows = comparisons
    .filter(({ metric }) => metric === name)
    .map(({ system, baseline, transform, difference, dropDifference }) => [
      `${system} - ${baseline}`,
      transform,
      withMark(difference),
      dropDifference ? withMark(dropDifference) : '',
    ]);
  if (rows.length === 0) return [];
  const header = ['systems', 'queries', 'difference', 'difference of drops'];
  return [`${label}, paired by query (* = the interval leaves out 0)\n${layOut([header, ...rows])}`];
}

function withRange(interval: Interval): string {
  return `${formatNumber(interval.mean)} ${formatRange(interval)}`;
}

function withMark(interval: Interval): string {
  return `${withRange(interval)}${isSupported(interval) ? ' *' : ''}`;
}

/** Columns as wide as their widest cell, two spaces apart, a rule under the header. */
function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n');
}
