import { effect, untracked } from '@preact/signals';
import { asked, phase } from '../state/phase.js';
import { route, shownRoute } from '../state/route.js';
import { session } from '../state/session.js';
import { showResults } from './results.js';
import { currentSpec, shownSpec } from './search-actions.js';
import type { SearchSpec } from './search-spec.js';

/**
 * Asks as soon as the address names another search, and has the page follow: where other pictures are searched by, once that is
 * settled. Begun before the page is drawn first, it runs before what shows the address: the request is under way while the page is
 * drawn anew.
 */
export function followSearch(): void {
  effect(() => {
    const { view, collection } = route.value;
    const isAllowed = session.value !== undefined && session.value.access !== 'none';
    const isAsked =
      isAllowed && view === 'search' && collection !== undefined && showResults(collection, currentSpec());
    const isOther = bringsOthers();
    if (isAsked && isOther) asked();
    if (phase.value === 'settled' || !isOther) shownRoute.value = route.value;
  });
}

/** Whether other pictures of the same collection are searched by than the page shows. */
function bringsOthers(): boolean {
  const [to, from] = [route.value, shownRoute.peek()];
  const isSamePlace = to.view === 'search' && from.view === 'search' && to.collection === from.collection;
  return isSamePlace && sourcesOf(currentSpec()) !== sourcesOf(untracked(shownSpec));
}

function sourcesOf({ items }: SearchSpec): string {
  return items.map(({ source }) => `${source.kind}:${source.value}`).join();
}
