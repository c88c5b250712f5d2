import type { EvaluationReport } from '../report-schema.js';
import { dotPlot, type DotRow } from './dot-plot.js';
import { legend } from './legend.js';
import { escapeMarkup } from './markup.js';

/** Labels shown at each end when there are too many for one page. */
const ENDS = 16;

/** The headline metric by label: all of them, or the lowest and highest with the rest folded away. '' for a single label. */
export function labelSection(report: EvaluationReport): string {
  const rows = sortedRows(report);
  if (rows.length < 2) return '';
  const { label, max } = report.metrics[0]!;
  const names = report.systems.map(({ name }) => name);
  const plot = (part: readonly DotRow[], title: string, width: number) =>
    dotPlot(part, { title, width, labelWidth: 170, domain: [0, max], systems: names });
  const intro = `<h2>${escapeMarkup(label)} by class</h2><p>Mean over the class's queries, lowest first.</p>${legend(report)}`;
  if (rows.length <= 2 * ENDS) return `<section>${intro}${plot(rows, `${label} by class`, 1000)}</section>`;
  const [lowest, highest] = [rows.slice(0, ENDS), rows.slice(-ENDS)];
  return `<section>${intro}<div class="pair">
<div><h3>Lowest ${ENDS}</h3>${plot(lowest, `Lowest ${ENDS} classes`, 500)}</div>
<div><h3>Highest ${ENDS}</h3>${plot(highest, `Highest ${ENDS} classes`, 500)}</div></div>
<details><summary>All ${rows.length} classes</summary>${plot(rows, 'All classes', 1000)}</details></section>`;
}

/** Sorted by the first system. */
function sortedRows({ metrics, systems }: EvaluationReport): DotRow[] {
  const metric = metrics[0]!.name;
  const labels = systems[0]!.runs[0]!.byLabel.map(({ label, queries }, index) => ({
    label: `${label || '(none)'} (${queries})`,
    dots: systems.map(({ runs }) => ({ mean: runs[0]!.byLabel[index]!.metrics[metric]! })),
  }));
  return labels.sort((a, b) => a.dots[0]!.mean - b.dots[0]!.mean);
}
