import { LikenessError } from '../../engine/errors.js';
import type { CollectionBackend } from '../backend/backend.js';

/** What an index run needs of a collection. */
export type IndexTarget = Pick<CollectionBackend, 'find' | 'list' | 'put' | 'remove'>;

/** Stands in for a collection that a dry run would make. */
export const EMPTY_COLLECTION: IndexTarget = {
  find: () => Promise.resolve(undefined),
  list: async function* () {
    // holds nothing
  },
  put: () => Promise.reject(new LikenessError('internal', 'expected no write in a dry run')),
  remove: () => Promise.resolve(false),
};
