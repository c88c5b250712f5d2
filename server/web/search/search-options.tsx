import { fields } from '../state/fields.js';
import { words } from '../words/words.js';
import { currentSpec, search } from './search-actions.js';

/** How results are chosen and ordered. */
export function SearchOptionsPanel() {
  const { options: text } = words.value;
  const spec = currentSpec();
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

/** Of pictures that have the same value of a field, only the best. */
function GroupChoice() {
  const { options: text } = words.value;
  const { group, ...spec } = currentSpec();
  const names = fields.value.filter(({ types }) => types[0] === 'string').map(({ field }) => field);
  if (names.length === 0) return null;
  const choose = (name: string): void => search(name === '' ? spec : { ...spec, group: name });
  return (
    <label class="labelled">
      <span>{text.group}</span>
      <select value={group ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">{text.ungrouped}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
