import type { Interval } from '../../bootstrap.js';
import { formatNumber, formatRange } from '../format-number.js';
import type { EvaluationReport } from '../report-schema.js';
import { dotPlot, type Dot, type DotRow } from './dot-plot.js';
import { legend } from './legend.js';
import { escapeMarkup } from './markup.js';

/** What each transform of the queries costs, as a plot and as numbers. '' where none was run. */
export function transformSection(report: EvaluationReport): string {
  const { metrics, systems } = report;
  const rows = dropRows(report);
  if (rows.length === 0) return '';
  const ends = rows.flatMap(({ dots }) => dots.flatMap(({ range }) => (range ? [range.low, range.high] : [])));
  const { label } = metrics[0]!;
  const plot = dotPlot(rows, {
    title: `Drop of ${label} by transform`,
    width: 1000,
    labelWidth: 140,
    domain: [Math.min(0, ...ends), Math.max(0.01, ...ends)],
    systems: systems.map(({ name }) => name),
  });
  return `<section><h2>Drop by transform</h2>
<p>${escapeMarkup(label)} of untouched queries minus that of changed ones, gallery untouched; the line is the interval over queries.</p>
${legend(report)}${plot}<details><summary>Numbers</summary>${numbersTable(report)}</details></section>`;
}

function dropRows({ metrics, systems }: EvaluationReport): DotRow[] {
  const metric = metrics[0]!.name;
  const [, ...changed] = systems[0]!.runs;
  return changed.map(({ transform }, index) => ({
    label: transform,
    dots: systems.map(({ runs }) => toDot(runs[index + 1]!.drop?.[metric])),
  }));
}

function toDot(drop: Interval = { mean: 0, low: 0, high: 0 }): Dot {
  return { mean: drop.mean, range: { low: drop.low, high: drop.high } };
}

function numbersTable({ metrics, systems }: EvaluationReport): string {
  const metric = metrics[0]!.name;
  const header = systems.map(({ name }) => `<th>${escapeMarkup(name)}</th><th>drop</th>`).join('');
  const rows = systems[0]!.runs.map(({ transform }, index) => {
    const cells = systems.map(({ runs }) => {
      const { metrics: values, drop } = runs[index]!;
      const lost = drop ? `${formatNumber(drop[metric]!.mean)}<small>${formatRange(drop[metric]!)}</small>` : '';
      return `<td>${formatNumber(values[metric]!.mean)}</td><td>${lost}</td>`;
    });
    return `<tr><td>${escapeMarkup(transform)}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr><th>queries</th>${header}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
