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
    </fieldset>
  );
}
