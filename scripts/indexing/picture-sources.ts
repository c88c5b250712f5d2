import type { Collection } from '../../engine/collection/collection.js';
import { Engine } from '../../engine/engine.js';
import { LikenessError } from '../../engine/errors.js';
import type { PictureSource } from '../../engine/picture-inputs.js';
import { userPath } from '../cli-paths.js';
import { configOf } from '../command-options.js';
import { readIndexItems } from './index-items.js';
import { readPicture } from './read-picture.js';

/** Images per page of a listing. */
const PAGE_IMAGES = 1000;

/**
 * Runs a task on the pictures of a folder or list (images), or of a collection, in the order of their ids.
 * @throws `invalid_request` unless one of the two is named, `file_unreadable`, `collection_not_found`, `data_dir_locked`
 */
export async function withPictureSources<T>(
  options: { images?: string; collection?: string; [key: string]: unknown },
  task: (sources: PictureSource[]) => Promise<T>,
): Promise<T> {
  const { images, collection } = options;
  if ((images === undefined) === (collection === undefined)) {
    const got = images === undefined ? 'neither' : 'both';
    throw new LikenessError('invalid_request', `expected --images or --collection, got ${got}`);
  }
  const config = configOf(options);
  if (images !== undefined) return task(await ofFolder(userPath(images), config.maxImageBytes));
  const engine = await Engine.open(config, { command: 'model adapt' });
  try {
    return await task(await ofCollection(engine.get(collection ?? '')));
  } finally {
    await engine.close();
  }
}

async function ofFolder(path: string, maxBytes: number): Promise<PictureSource[]> {
  const { items } = await readIndexItems(path);
  return items.flatMap((item) =>
    item.op === 'add' ? [{ id: item.id, read: async () => (await readPicture(item.path, maxBytes)).bytes }] : [],
  );
}

async function ofCollection(collection: Collection): Promise<PictureSource[]> {
  const sources: PictureSource[] = [];
  let after: string | undefined;
  do {
    const page = await collection.list({ limit: PAGE_IMAGES, ...(after === undefined ? {} : { after }) });
    for (const { id } of page) sources.push({ id, read: async () => (await collection.original(id)).bytes });
    after = page.length === PAGE_IMAGES ? page.at(-1)?.id : undefined;
  } while (after !== undefined);
  return sources;
}
