import { pickDefined } from '../../engine/pick-defined.js';
import type { FoundImages } from '../backend/backend.js';
import { categoryAsText } from './category-text.js';

/** @returns an answer as JSON text, each hit with its metadata. */
export function foundAsJson({ hits, ...answer }: FoundImages): string {
  const plain = hits.map(({ record, score, ...ranked }) => ({
    id: record.id,
    score,
    distance: 1 - score,
    ...pickDefined(ranked, ['box', 'rankScore', 'verdict', 'probability']),
    metadata: record.metadata,
  }));
  return `${JSON.stringify({ ...answer, hits: plain }, null, 2)}\n`;
}

/** @returns an answer for the terminal: a line for each hit, then how it was found. */
export function foundAsTable(found: FoundImages): string {
  const { hits, plan, timings, queryId, belowThreshold, category, subjects = [] } = found;
  const total = Object.values(timings).reduce((sum, ms) => sum + ms, 0);
  const rows = hits.map(
    ({ record, score, rankScore = score, verdict }, rank) =>
      `${String(rank + 1).padStart(4)}  ${(plan === 'text' ? rankScore : score).toFixed(4)}  ${record.id}${verdict === undefined ? '' : `  (${verdict})`}\n`,
  );
  const head = rows.length === 0 ? 'nothing found\n' : 'rank   score  id\n';
  const below = belowThreshold === 0 ? [] : [`${belowThreshold} below the threshold`];
  const again = queryId === undefined ? [] : [`query ${queryId}`];
  const facts = [plan, `${total.toFixed(1)} ms`, ...below, ...subjects.flatMap(subjectText), ...again];
  return `${category === undefined ? '' : categoryAsText(category)}${head}${rows.join('')}(${facts.join(', ')})\n`;
}

/** @returns the box that was searched by, as --region takes it; nothing of one that was not. */
function subjectText({ box, used }: NonNullable<FoundImages['subjects']>[number]): string[] {
  return used ? [`subject ${[box.x, box.y, box.width, box.height].join()}`] : [];
}
