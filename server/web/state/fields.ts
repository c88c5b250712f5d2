import { signal } from '@preact/signals';
import type { FieldFacts } from '../../../engine/store/field-facts.js';
import { api } from './api.js';

/** The metadata fields of the collection that is shown. */
export const fields = signal<readonly FieldFacts[]>([]);
let wanted: string | undefined;

/** Without them there is no filter to choose from, and the page does all else. */
export async function loadFields(collection: string): Promise<void> {
  wanted = collection;
  fields.value = [];
  const answer = await api.fields(collection).catch(() => undefined);
  if (wanted === collection && answer !== undefined) fields.value = answer.fields;
}

/** Whether the values of a field tell pictures apart by themselves: one that is the same everywhere orders and teaches nothing. */
export function tellsApart({ types: [type], distinct }: FieldFacts): boolean {
  return type !== 'object' && type !== 'null' && distinct > 1;
}
