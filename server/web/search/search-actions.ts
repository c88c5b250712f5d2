import type { Region } from '../../../engine/types.js';
import { navigate, route, shownRoute, type Route } from '../state/route.js';
import { heldPicture, holdPicture } from './held-pictures.js';
import type { Order } from './order.js';
import { EMPTY_SPEC, formatSpec, parseSpec, type QueryItem, type QuerySource, type SearchSpec } from './search-spec.js';

/** Pictures in one search; the server takes no more. */
const MAX_ITEMS = 16;

/** The search that the address names. By pictures of another page, it is by what the server remembers of these. */
export function currentSpec(): SearchSpec {
  return specOf(route.value);
}

/** The search that the page shows. */
export function shownSpec(): SearchSpec {
  return specOf(shownRoute.value);
}

function specOf({ view, params }: Route): SearchSpec {
  if (view !== 'search') return EMPTY_SPEC;
  const spec = parseSpec(params);
  const queryId = params.get('q');
  const isElsewhere = spec.items.some(
    ({ source }) => source.kind === 'picture' && heldPicture(source.value) === undefined,
  );
  if (queryId === null || !isElsewhere) return spec;
  return { ...spec, items: [{ source: { kind: 'query', value: queryId }, wanted: true }] };
}

/** Every change of a search is a new place, so that Back undoes it. */
export function search(spec: SearchSpec): void {
  navigate({ ...route.value, view: 'search', params: formatSpec(spec) });
}

/** By this alone, with filter and order as they are. */
export function searchBy(...sources: QuerySource[]): void {
  search({ ...currentSpec(), items: sources.slice(0, MAX_ITEMS).map((source) => ({ source, wanted: true })) });
}

/** By this as well. */
export function addQuery(source: QuerySource, wanted = true): void {
  const spec = currentSpec();
  const others = spec.items.filter((item) => item.source.kind !== source.kind || item.source.value !== source.value);
  search({ ...spec, items: [...others, { source, wanted }].slice(-MAX_ITEMS) });
}

export function removeQuery(index: number): void {
  const spec = currentSpec();
  search({ ...spec, items: spec.items.filter((_, i) => i !== index) });
}

export function changeQuery(index: number, change: Partial<QueryItem> | { region: Region | undefined }): void {
  const spec = currentSpec();
  const items = spec.items.map((item, i) => {
    const { region, ...changed } = { ...item, ...change };
    return i !== index ? item : region === undefined ? changed : { ...changed, region };
  });
  search({ ...spec, items });
}

/** Orders what is loaded; what the address says of the search itself stays. */
export function orderBy(order: Order | undefined): void {
  const params = new URLSearchParams(route.value.params);
  if (order === undefined) params.delete('order');
  else params.set('order', order);
  navigate({ ...route.value, params });
}

/** Takes files that were dropped, pasted or chosen. @param add keeps what is searched by already */
export function takeFiles(files: readonly File[], add: boolean): void {
  const pictures = files.filter(({ type }) => type.startsWith('image/') || type === '');
  const sources = pictures.map((file): QuerySource => ({ kind: 'picture', value: holdPicture(file, file.name) }));
  if (sources.length === 0) return;
  const before = add ? currentSpec().items : [];
  const items = [...before, ...sources.map((source) => ({ source, wanted: true }))];
  search({ ...currentSpec(), items: items.slice(-MAX_ITEMS) });
}
