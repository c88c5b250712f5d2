import { formatNumber } from '../format-number.js';
import type { EvaluationReport, Example } from '../report-schema.js';
import { escapeMarkup } from './markup.js';

/** Thumbnails as data URLs by id; query ids and gallery ids are two name spaces. */
export interface ReportPictures {
  queries: ReadonlyMap<string, string>;
  gallery: ReadonlyMap<string, string>;
}

/** @returns the ids whose thumbnails the HTML report shows. */
export function neededPictures({ systems }: EvaluationReport): { queries: string[]; gallery: string[] } {
  const examples = systems.flatMap(({ best, worst }) => [...best, ...worst]);
  return {
    queries: [...new Set(examples.map(({ query }) => query))],
    gallery: [...new Set(examples.flatMap(({ hits }) => hits.map(({ id }) => id)))],
  };
}

/** Best and worst queries of each system with the first hits. */
export function stripSections({ metrics, systems }: EvaluationReport, pictures: ReportPictures): string {
  const { name: metric } = metrics[0]!;
  return systems
    .filter(({ best }) => best.length > 0)
    .map(({ name, best, worst }) => {
      const strips = (examples: readonly Example[]) =>
        examples.map((example) => strip(example, metric, pictures)).join('');
      const of = systems.length > 1 ? ` of ${escapeMarkup(name)}` : '';
      return `<section><h2>Best queries${of}</h2><p>${LEGEND}</p>${strips(best)}</section>
<section><h2>Worst queries${of}</h2><p>${LEGEND}</p>${strips(worst)}</section>`;
    })
    .join('\n');
}

const LEGEND = 'The query, then its first hits: ✓ right, ✗ wrong, with the score. One query a class first.';

function strip({ query, label, value, positives, hits }: Example, metric: string, pictures: ReportPictures): string {
  const caption = `<b class="name-line">${escapeMarkup(label || query)}</b>${escapeMarkup(metric)} ${formatNumber(value)}, ${positives} right`;
  const asked = figure('query', pictures.queries.get(query), query, caption);
  const found = hits.map(({ id, score, relevant }) => {
    const mark = relevant ? '✓' : '✗';
    return figure(relevant ? 'right' : 'wrong', pictures.gallery.get(id), id, `<i>${mark}</i> ${formatNumber(score)}`);
  });
  return `<div class="strip">${asked}${found.join('')}</div>`;
}

/** Only data URLs of pictures are shown: the page asks nothing of any other place. */
function figure(kind: string, dataUrl: string | undefined, id: string, caption: string): string {
  const name = escapeMarkup(id);
  const isPicture = dataUrl?.startsWith('data:image/') ?? false;
  const picture = isPicture ? `<img src="${escapeMarkup(dataUrl!)}" alt="${name}" loading="lazy">` : name;
  return `<figure class="${kind}" title="${name}"><div class="picture">${picture}</div><figcaption>${caption}</figcaption></figure>`;
}
