import { signal } from '@preact/signals';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { SearchResponse } from '../../../server/schemas.js';
import { answered, settle } from '../state/phase.js';
import { resultPages, type ResultPage, type Shown } from './result-pages.js';
import { formatSpec, type SearchSpec } from './search-spec.js';
import { HEADER_PX } from './viewport.js';

/** What is shown of a search at this moment. */
export interface Results {
  key: string;
  images: readonly Shown[];
  /** Of the first page: what was asked, how it was found, how long it took. */
  answer?: SearchResponse;
  busy: boolean;
  ended: boolean;
  problem?: LikenessError;
}

interface Kept {
  pages: AsyncGenerator<ResultPage>;
  results: Results;
  stop: AbortController;
}

const KEPT = 12;
const kept = new Map<string, Kept>();
let current: Kept | undefined;

export const results = signal<Results>({ key: '', images: [], busy: false, ended: false });

/**
 * Shows the results of a search: those that were shown before, where Back comes to them again, or new ones.
 *
 * @returns whether the server had to be asked
 */
export function showResults(collection: string, { order: _shownAs, ...spec }: SearchSpec): boolean {
  const key = keyOf(collection, spec);
  if (results.value.key === key) return false;
  if (current?.results.busy === true) {
    current.stop.abort();
    kept.delete(current.results.key);
  }
  current = kept.get(key) ?? start(key, collection, spec);
  results.value = current.results;
  if (current.results.images.length > 0) {
    settle();
    return false;
  }
  revealTop();
  void showMore();
  return true;
}

/** Whether what is shown is the answer to this search. */
export function isAnswered(collection: string, { order: _shownAs, ...spec }: SearchSpec): boolean {
  const { key, images, ended } = results.value;
  return (ended || images.length > 0) && key === keyOf(collection, spec);
}

/** Whoever looks far down at what was found before is to see the best of what is found next. */
function revealTop(): void {
  const top = document.getElementById('results')?.getBoundingClientRect().top ?? 0;
  if (top < 0) scrollBy({ top: top - HEADER_PX });
}

/** Fetches the next page, unless one is on its way. */
export async function showMore(): Promise<void> {
  const of = current;
  if (of === undefined || of.results.busy || of.results.ended) return;
  const { problem: _past, ...before } = of.results;
  update(of, { ...before, busy: true });
  try {
    const page = await of.pages.next();
    update(of, afterPage(before, page));
  } catch (thrown) {
    if (!of.stop.signal.aborted) update(of, { ...before, busy: false, ended: true, problem: toLikenessError(thrown) });
  }
}

/** Asks anew, for instance after something was added. */
export function refreshResults(): void {
  kept.clear();
  results.value = { key: '', images: [], busy: false, ended: false };
}

function keyOf(collection: string, spec: Omit<SearchSpec, 'order'>): string {
  return `${collection}?${formatSpec(spec).toString()}`;
}

function start(key: string, collection: string, spec: SearchSpec): Kept {
  const stop = new AbortController();
  const pages = resultPages(collection, spec, stop.signal);
  const made = { pages, stop, results: { key, images: [], busy: false, ended: false } };
  kept.set(key, made);
  for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
  return made;
}

function afterPage(before: Results, { done, value }: IteratorResult<ResultPage>): Results {
  if (done === true) return { ...before, busy: false, ended: true };
  const { answer = before.answer } = before.answer === undefined ? value : before;
  const images = [...before.images, ...value.images];
  return {
    ...before,
    images,
    busy: false,
    ended: value.last,
    ...(answer === undefined ? {} : { answer }),
  };
}

function update(of: Kept, next: Results): void {
  const isAnswer = of.results.images.length === 0 && !next.busy;
  of.results = next;
  if (of !== current) return;
  results.value = next;
  if (isAnswer && next.images.length > 0) answered();
  else if (isAnswer) settle();
}
