import { fields } from '../state/fields.js';
import { words } from '../words/words.js';
import { search, shownSpec } from './search-actions.js';
import type { Grouping } from './search-spec.js';

/** How results are chosen and ordered. */
export function SearchOptionsPanel() {
  const { options: text } = words.value;
  const spec = shownSpec();
  if (spec.items.length === 0) return null;
  return (
    <fieldset class="options">
      <legend>{text.heading}</legend>
      <label class="switch" title={text.diverseHint}>
        <input
          type="checkbox"
          role="switch"
          checked={spec.diverse}
          onChange={({ currentTarget }) => search({ ...spec, diverse: currentTarget.checked })}
        />
        <span>{text.diverse}</span>
      </label>
      <GroupChoice />
    </fieldset>
  );
}

/** Of pictures that look the same, or have the same value of a field, only the best. */
function GroupChoice() {
  const { options: text } = words.value;
  const { group, ...spec } = shownSpec();
  const names = fields.value.filter(({ types }) => types[0] === 'string').map(({ field }) => field);
  const choose = (value: string): void => {
    const next = groupOf(value);
    search(next === undefined ? spec : { ...spec, group: next });
  };
  return (
    <label class="labelled">
      <span>{text.group}</span>
      <select value={valueOf(group)} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">{text.ungrouped}</option>
        <option value="duplicates">{text.duplicates}</option>
        {names.map((name) => (
          <option key={name} value={`${FIELD}${name}`}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Before the name of a field, so that one called `duplicates` is told apart. */
const FIELD = 'field:';

function valueOf(group: Grouping | undefined): string {
  if (group === undefined) return '';
  return 'field' in group ? `${FIELD}${group.field}` : group.by;
}

function groupOf(value: string): Grouping | undefined {
  if (value === 'duplicates') return { by: value };
  return value.startsWith(FIELD) ? { field: value.slice(FIELD.length) } : undefined;
}
