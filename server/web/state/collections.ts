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

/** An address that names none shows the one with the most pictures. */
function chooseOne(known: readonly CollectionAnswer[]): void {
  if (route.value.collection !== undefined || route.value.view === 'collections') return;
  const [first] = known.filter(({ state }) => state === 'ready').sort((a, b) => (b.images ?? 0) - (a.images ?? 0));
  replaceRoute({ ...route.value, view: first === undefined ? 'collections' : 'search', collection: first?.name });
}
