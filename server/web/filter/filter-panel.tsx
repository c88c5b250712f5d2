import type { FieldFacts } from '../../../engine/store/field-facts.js';
import { search, shownSpec } from '../search/search-actions.js';
import { fields } from '../state/fields.js';
import { words } from '../words/words.js';
import { FieldFilter } from './field-filter.js';
import { toFilter, toRows, withRow, type FilterRow } from './filter-rows.js';

/** Fields that are offered at most; those in most pictures come first. */
const OFFERED = 12;

/** What a picture's metadata must say to be found, put together from what the collection holds. */
export function FilterPanel() {
  const { filter: text } = words.value;
  const spec = shownSpec();
  const rows = toRows(spec.filter);
  const offered = fields.value.filter(isOffered).slice(0, OFFERED);
  if (offered.length === 0 && spec.filter === undefined) return null;
  const { filter: _before, ...unfiltered } = spec;
  const apply = (next: readonly FilterRow[]): void => {
    const filter = toFilter(next);
    search(filter === undefined ? unfiltered : { ...unfiltered, filter });
  };
  return (
    <fieldset class="options filters">
      <legend>{text.heading}</legend>
      {spec.filter !== undefined && (
        <button type="button" class="text-button end" onClick={() => search(unfiltered)}>
          {text.clear}
        </button>
      )}
      {rows === undefined ? (
        <code class="filter-text">{JSON.stringify(spec.filter)}</code>
      ) : (
        offered.map((facts) => (
          <FieldFilter
            key={facts.field}
            facts={facts}
            row={rows.find(({ field }) => field === facts.field)}
            onChange={(row) => apply(withRow(rows, row))}
          />
        ))
      )}
    </fieldset>
  );
}

/** A field that is the same everywhere tells nothing apart. */
function isOffered({ types, distinct, field }: FieldFacts): boolean {
  return types[0] !== 'object' && types[0] !== 'null' && distinct > 1 && !field.startsWith('$');
}
