import type { SearchResponse } from '../../../server/schemas.js';
import { toFilter, toRows, withRow, type Plain } from '../filter/filter-rows.js';
import { words } from '../words/words.js';
import { currentSpec, search } from './search-actions.js';

/** Labels that are offered. */
const OFFERED = 3;

/** What the picture probably shows; a click keeps to images of that label. */
export function CategoryChips({ category }: { category: NonNullable<SearchResponse['category']> }) {
  const { category: text } = words.value;
  const { filter: given, ...spec } = currentSpec();
  const rows = toRows(given);
  if (rows === undefined) return null;
  const { field, predicted } = category;
  const isKept = (label: Plain): boolean =>
    rows.some((row) => row.field === field && row.kind === 'values' && row.values.includes(label));
  const toggle = (label: Plain): void => {
    const filter = toFilter(withRow(rows, { field, kind: 'values', values: isKept(label) ? [] : [label] }));
    search(filter === undefined ? spec : { ...spec, filter });
  };
  return (
    <p class="chips">
      <span class="faint">{text.heading}</span>
      {predicted.slice(0, OFFERED).map(({ label, probability }) => (
        <button
          key={String(label)}
          type="button"
          class="chip"
          aria-pressed={isKept(label)}
          title={text.keep(String(label), percent(probability))}
          onClick={() => toggle(label)}
        >
          {String(label)} {percent(probability)} %
        </button>
      ))}
    </p>
  );
}

function percent(probability: number): string {
  return (probability * 100).toFixed(0);
}
