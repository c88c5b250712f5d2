import { computed, signal } from '@preact/signals';
import { toLikenessError, type LikenessError } from '../../../engine/errors.js';
import type { CollectionAnswer } from '../../../server/schemas.js';
import { api } from './api.js';
import { replaceRoute, route } from './route.js';

/** Every collection with its counts; undefined until they are known. */
export const collections = signal<readonly CollectionAnswer[] | undefined>(undefined);
export const collectionsProblem = signal<LikenessError | undefined>(undefined);

/** The one that the address names. */
export const currentCollection = computed(() => collections.value?.find(({ name }) => name === route.value.collection));

/** Where views of one collection lead from the list of all: to the one that is managed, else the one that was shown last. */
export const homeCollection = computed<string | undefined>((): string | undefined => {
  const { collection, params } = route.value;
  last = collection ?? params.get('of') ?? last;
  return last ?? largest(collections.value ?? []);
});
let last: string | undefined;

/** Asks for them again. */
export async function loadCollections(): Promise<void> {
  try {
    collections.value = await api.collections();
    collectionsProblem.value = undefined;
    chooseOne(collections.value);
  } catch (thrown) {
    collectionsProblem.value = toLikenessError(thrown);
  }
}

/** Takes what is told of one of them. @returns whether its pictures have changed */
export function noteCollection(told: CollectionAnswer): boolean {
  const before = collections.value?.find(({ name }) => name === told.name);
  if (before === undefined) return false;
  collections.value = collections.value?.map((one) => (one === before ? told : one));
  return before.sequence !== told.sequence;
}

/** An address that names none shows the one with the most pictures. */
function chooseOne(known: readonly CollectionAnswer[]): void {
  if (route.value.collection !== undefined || route.value.view === 'collections') return;
  const name = largest(known);
  replaceRoute({ ...route.value, view: name === undefined ? 'collections' : 'search', collection: name });
}

function largest(known: readonly CollectionAnswer[]): string | undefined {
  const ready = known.filter(({ state }) => state === 'ready');
  return ready.sort((a, b) => (b.images ?? 0) - (a.images ?? 0))[0]?.name;
}
