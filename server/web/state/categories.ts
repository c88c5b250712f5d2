import { api } from './api.js';

const known = new Map<string, Promise<boolean>>();

/** Whether searches of a collection can name likely categories: it has a field for them, or has learned one. */
export function predictsCategory(collection: string): Promise<boolean> {
  const asked = known.get(collection) ?? ask(collection);
  known.set(collection, asked);
  return asked;
}

/** What was learned since is found out anew. */
export function forgetCategories(): void {
  known.clear();
}

async function ask(collection: string): Promise<boolean> {
  try {
    const { field, head } = await api.categories(collection);
    return field !== undefined || head !== undefined;
  } catch {
    // a search shows all else without
    return false;
  }
}
