import type { CollectionAnswer } from './schemas.js';
import type { ServedCollection } from './served.js';

/** What is answered about a collection that is open. */
export async function infoOf(collection: ServedCollection): Promise<CollectionAnswer> {
  return { state: 'ready', ...(await collection.info()) };
}
