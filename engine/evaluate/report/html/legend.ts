import type { EvaluationReport } from '../report-schema.js';
import { escapeMarkup, seriesClass } from './markup.js';

/** The systems' names beside their colours; '' for a single system, whose name is in the heading. */
export function legend({ systems }: EvaluationReport): string {
  if (systems.length < 2) return '';
  const keys = systems.map(
    ({ name }, n) => `<span><span class="key ${seriesClass(n)}"></span>${escapeMarkup(name)}</span>`,
  );
  return `<div class="legend">${keys.join('')}</div>`;
}
