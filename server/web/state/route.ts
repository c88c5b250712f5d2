import { signal } from '@preact/signals';
import { forgetWaiting, whenSettled } from './phase.js';

const VIEWS = ['search', 'compare', 'duplicates', 'map'] as const;
/** What is shown of one collection; `collections` is the list of all. */
export type View = (typeof VIEWS)[number] | 'collections';

/** Where one is. It lies in the address's fragment, so that a place can be shared and Back works. */
export interface Route {
  view: View;
  collection: string | undefined;
  params: URLSearchParams;
}

/** Fragments: #/collections, #/c/NAME?..., #/c/NAME/map?... */
export function parseRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [place, name, view] = path.split('/');
  const params = new URLSearchParams(query);
  if (place === 'collections') return { view: 'collections', collection: undefined, params };
  const known = VIEWS.find((candidate) => candidate === view) ?? 'search';
  return { view: known, collection: place === 'c' && name !== undefined ? decodeName(name) : undefined, params };
}

/** The opposite of {@link parseRoute}. */
export function formatRoute({ view, collection, params }: Route): string {
  const query = params.size === 0 ? '' : `?${params.toString()}`;
  if (view === 'collections' || collection === undefined) return `#/collections${query}`;
  const path = view === 'search' ? '' : `/${view}`;
  return `#/c/${encodeURIComponent(collection)}${path}${query}`;
}

export const route = signal<Route>(parseRoute(location.hash));
/** What the page shows: the same, but while a search is on its way, where one was before. */
export const shownRoute = signal(route.value);

/** Goes somewhere else; Back comes again to where one was. Browsers take their time to note that. */
export function navigate(next: Route): void {
  route.value = next;
  whenSettled(() => history.pushState(null, '', formatRoute(next)));
}

/** As {@link navigate}, with the place that is left forgotten. */
export function replaceRoute(next: Route): void {
  route.value = next;
  whenSettled(() => history.replaceState(history.state, '', formatRoute(next)));
}

/** Follows Back, Forward and links. */
export function followAddress(): void {
  addEventListener('popstate', () => {
    // what is still to be written would name the place that was left just now
    forgetWaiting();
    route.value = parseRoute(location.hash);
  });
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
