import { formatNumber, formatRange, formatShare } from '../format-number.js';
import type { EvaluationReport } from '../report-schema.js';
import { comparisonSection } from './comparison-section.js';
import { labelSection } from './label-section.js';
import { legend } from './legend.js';
import { escapeMarkup, seriesClass } from './markup.js';
import { stripSections, type ReportPictures } from './picture-strips.js';
import { precisionRecallPlot } from './precision-recall-plot.js';
import { STYLE } from './style.js';
import { transformSection } from './transform-section.js';

const NO_PICTURES: ReportPictures = { queries: new Map(), gallery: new Map() };

/**
 * The report as one page that asks nothing of any other place: style, plots and pictures are inside, there is no script,
 * and its content policy forbids the rest. Light and dark as the reader's system is.
 * @param title printed as the heading, the name of the data set say
 * @param pictures thumbnails for neededPictures(report); the id stands in for one that is missing
 */
export function renderHtmlReport(report: EvaluationReport, title: string, pictures = NO_PICTURES): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body><main>
<header><h1>${escapeMarkup(title)}</h1><p>${subtitle(report)}</p></header>
${tiles(report)}
<section><h2>Results</h2><p>Means over untouched queries. ${intervalNote(report)}</p>${resultsTable(report)}</section>
<section><h2>Precision and recall</h2><p>Interpolated precision, mean over queries.</p>${legend(report)}${precisionRecallPlot(report)}</section>
${transformSection(report)}
${comparisonSection(report)}
${labelSection(report)}
${stripSections(report, pictures)}
</main></body></html>
`;
}

function subtitle({ protocol }: EvaluationReport): string {
  const leftOut = protocol.withoutPositives > 0 ? `, ${protocol.withoutPositives} without right answers left out` : '';
  return `Protocol ${escapeMarkup(protocol.name)}: ${protocol.queries} queries${leftOut}, against ${protocol.gallery} pictures.`;
}

function intervalNote({ bootstrap }: EvaluationReport): string {
  const { confidence, resamples, seed } = bootstrap;
  return `In brackets the ${formatShare(confidence)} bootstrap interval over queries (${resamples} resamples, seed ${seed}).`;
}

function tiles({ metrics, systems }: EvaluationReport): string {
  const { name: metric, label } = metrics[0]!;
  const tile = systems.map(({ name, runs }, system) => {
    const interval = runs[0]!.metrics[metric]!;
    return `<div class="tile ${seriesClass(system)}"><span class="name">${escapeMarkup(name)}</span>
<b>${formatNumber(interval.mean)}</b><span>${escapeMarkup(label)} ${formatRange(interval)}</span></div>`;
  });
  return `<div class="tiles">${tile.join('')}</div>`;
}

function resultsTable({ metrics, systems }: EvaluationReport): string {
  const header = metrics.map(({ label }) => `<th>${escapeMarkup(label)}</th>`).join('');
  const rows = systems.map(({ name, runs }, system) => {
    const cells = metrics.map((metric) => {
      const interval = runs[0]!.metrics[metric.name]!;
      return `<td>${formatNumber(interval.mean)}<small>${formatRange(interval)}</small></td>`;
    });
    return `<tr><td><span class="key ${seriesClass(system)}"></span>${escapeMarkup(name)}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr><th>system</th>${header}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
