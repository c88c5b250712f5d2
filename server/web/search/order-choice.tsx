import { fields, tellsApart } from '../state/fields.js';
import { words } from '../words/words.js';
import { parseOrder } from './order.js';
import type { Shown } from './result-pages.js';
import { currentSpec, orderBy } from './search-actions.js';

/** In which order the pictures that are loaded are shown. */
export function OrderChoice({ images }: { images: readonly Shown[] }) {
  const { order: text } = words.value;
  const { order = '', items } = currentSpec();
  const names = fields.value.filter(tellsApart).map(({ field }) => field);
  // without a ranking, the score is what the answer is ordered by
  const isRanked = order === 'score' || images.some(({ rankScore }) => rankScore !== undefined);
  if (names.length === 0 && !isRanked) return null;
  return (
    <label class="inline-choice">
      <span class="unseen">{text.label}</span>
      <select value={order} onChange={({ currentTarget }) => orderBy(parseOrder(currentTarget.value))}>
        <option value="">{items.length > 0 ? text.best : text.byId}</option>
        {isRanked && <option value="score">{text.score}</option>}
        {names.flatMap((name) => [
          <option key={`up:${name}`} value={`up:${name}`}>
            {text.up(name)}
          </option>,
          <option key={`down:${name}`} value={`down:${name}`}>
            {text.down(name)}
          </option>,
        ])}
      </select>
    </label>
  );
}
