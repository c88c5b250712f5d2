import type { Interval } from '../../bootstrap.js';
import { formatNumber, formatRange, isSupported } from '../format-number.js';
import type { EvaluationReport } from '../report-schema.js';
import { escapeMarkup } from './markup.js';

/** Each system against the first, by the headline metric. '' for a single system. */
export function comparisonSection({ metrics, systems, comparisons }: EvaluationReport): string {
  const { name: metric, label } = metrics[0]!;
  const [baseline, ...others] = systems;
  if (others.length === 0) return '';
  const cells = (system: string, transform: string): string => {
    const found = comparisons.find(
      (one) => one.system === system && one.transform === transform && one.metric === metric,
    );
    return cell(found?.difference) + cell(found?.dropDifference);
  };
  const rows = baseline!.runs.map(
    ({ transform }) =>
      `<tr><td>${escapeMarkup(transform)}</td>${others.map(({ name }) => cells(name, transform)).join('')}</tr>`,
  );
  const header = others.map(({ name }) => `<th>${escapeMarkup(name)}</th><th>its drop</th>`).join('');
  return `<section><h2>Against ${escapeMarkup(baseline!.name)}</h2>
<p>Differences of ${escapeMarkup(label)} and of its drop, paired by query. Bold: the interval leaves out 0. A drop below 0: the system loses less to that transform.</p>
<table><thead><tr><th>queries</th>${header}</tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function cell(interval?: Interval): string {
  if (!interval) return '<td></td>';
  const weight = isSupported(interval) ? ' class="supported"' : '';
  return `<td${weight}>${formatNumber(interval.mean)}<small>${formatRange(interval)}</small></td>`;
}
