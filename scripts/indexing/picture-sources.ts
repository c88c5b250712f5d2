import { LikenessError } from '../../engine/errors.js';
import type { PictureSource } from '../../engine/picture-inputs.js';
import type { CollectionBackend } from '../backend/backend.js';
import { withBackend } from '../backend/open-backend.js';
import { userPath } from '../cli-paths.js';
import { configOf } from '../command-options.js';
import { readIndexItems } from './index-items.js';
import { readPicture } from './read-picture.js';

/** A folder or list of pictures, or a collection that is open here or behind a server. */
export interface PictureSourceOptions {
  images?: string;
  collection?: string;
  server?: string;
  [key: string]: unknown;
}

/**
 * Runs a task on the pictures of a folder or list (images), or of a collection, in the order of their ids.
 * @throws `invalid_request` unless one of the two is named, `file_unreadable`, `collection_not_found`, `data_dir_locked`
 */
export async function withPictureSources<T>(
  options: PictureSourceOptions,
  task: (sources: PictureSource[]) => Promise<T>,
): Promise<T> {
  const { images, collection } = options;
  if (images !== undefined && collection === undefined)
    return task(await ofFolder(userPath(images), configOf(options).maxImageBytes));
  if (collection === undefined || images !== undefined) {
    const got = images === undefined ? 'neither' : 'both';
    throw new LikenessError('invalid_request', `expected --images or --collection, got ${got}`);
  }
  return withBackend({ ...options, collection }, 'model', async (backend) =>
    task(await ofCollection(await backend.collection(collection))),
  );
}

async function ofFolder(path: string, maxBytes: number): Promise<PictureSource[]> {
  const { items } = await readIndexItems(path);
  return items.flatMap((item) =>
    item.op === 'add' ? [{ id: item.id, read: async () => (await readPicture(item.path, maxBytes)).bytes }] : [],
  );
}

async function ofCollection(collection: CollectionBackend): Promise<PictureSource[]> {
  const sources: PictureSource[] = [];
  for await (const { id } of collection.list()) sources.push({ id, read: () => collection.original(id) });
  return sources;
}
