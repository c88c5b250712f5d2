import { pickDefined } from '../../engine/pick-defined.js';
import type { FoundImages } from '../backend/backend.js';
import { categoryAsText } from './category-text.js';

/** @returns an answer as JSON text, each hit with its metadata. */
export function foundAsJson({ hits, ...answer }: FoundImages): string {
  const plain = hits.map(({ record, score, ...ranked }) => ({
    id: record.id,
    score,
    distance: 1 - score,
    ...pickDefined(ranked, ['rankScore', 'verdict', 'probability']),
    metadata: record.metadata,
  }));
  return `${JSON.stringify({ ...answer, hits: plain }, null, 2)}\n`;
}

/** @returns an answer for the terminal: a line for each hit, then how it was found. */
export function foundAsTable({ hits, plan, timings, queryId, belowThreshold, category }: FoundImages): string {
  const total = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  const rows = hits.map(
    ({ record, score, verdict }, rank) =>
      `${String(rank + 1).padStart(4)}  ${score.toFixed(4)}  ${record.id}${verdict === undefined ? '' : `  (${verdict})`}\n`,
  );
  const head = rows.length === 0 ? 'nothing found\n' : 'rank   score  id\n';
  const below = belowThreshold === 0 ? [] : [`${belowThreshold} below the threshold`];
  const facts = [plan, `${total.toFixed(1)} ms`, ...below, ...(queryId === undefined ? [] : [`query ${queryId}`])];
  return `${category === undefined ? '' : categoryAsText(category)}${head}${rows.join('')}(${facts.join(', ')})\n`;
}
