import { effect } from '@preact/signals';
import { route } from '../state/route.js';
import { session } from '../state/session.js';
import { showResults } from './results.js';
import { currentSpec } from './search-actions.js';

/**
 * Asks as soon as the address names another search. Begun before the page is drawn first, it runs before what shows the
 * address: the request is under way while the page is drawn anew.
 */
export function followSearch(): void {
  effect(() => {
    const { view, collection } = route.value;
    const isAllowed = session.value !== undefined && session.value.access !== 'none';
    if (!isAllowed || view !== 'search' || collection === undefined) return;
    showResults(collection, currentSpec());
  });
}
