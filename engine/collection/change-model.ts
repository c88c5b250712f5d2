import { rm } from 'node:fs/promises';
import { StoreClient } from '../store/store-client.js';
import type { Store } from '../store/store.js';
import type { LoadedManifest } from '../model/model-folder.js';
import type { CollectionConfig } from '../types.js';
import type { EpochHolder } from './epoch-holder.js';
import { Epoch, createStore, setCurrentEpoch } from './epoch.js';
import { ShadowCopy, type CopyFailure, type CopyOptions, type DescribeForShadow } from './shadow-copy.js';

/** Writes stop for the swap once a catch-up round had at most this many images. */
const SMALL_ROUND = 32;
/** Writes that come faster than they can be copied are stopped after so many rounds all the same. */
const MAX_ROUNDS = 20;
const INDEX_TIMEOUT_MS = 60_000;
/** A shadow's sequences start this far above the collection's, so that a sequence never falls by a swap. */
const SEQUENCE_HEADROOM = 1_000_000_000;

/** What a collection is to become. */
export interface ModelChange extends CopyOptions {
  /** The collection's own copy of it. */
  model: LoadedManifest;
  config: CollectionConfig;
  describe: DescribeForShadow;
}

export interface ModelChangeReport {
  from: string;
  to: string;
  images: number;
  /** Images that could not be described, and were left out. */
  dropped: CopyFailure[];
}

/**
 * Gives a collection another model: every image is described in a shadow epoch beside the one in use; writes meanwhile are
 * caught up, then the epochs are swapped atomically. Interrupted at any point, the next call goes on where this one was.
 * @throws `original_not_available` naming how many images cannot be described, unless they may be dropped
 */
export async function changeModel(collection: EpochHolder, change: ModelChange): Promise<ModelChangeReport> {
  const { services, paths } = collection;
  const from = collection.epoch.model.fingerprint;
  const to = change.model.fingerprint;
  const { images } = await collection.epoch.store.info();
  if (to === from) return { from, to, images, dropped: [] };
  const number = collection.epoch.number + 1;
  const shadow = await openShadow(collection, number, change);
  const copy = new ShadowCopy(collection, shadow, change.describe, change);
  try {
    await copy.copyAll();
    for (let round = 0; round < MAX_ROUNDS && (await copy.catchUp()) > SMALL_ROUND; round++);
    copy.refuseLosses();
    change.signal?.throwIfAborted();
    const epoch = await Epoch.over(shadow, paths, number, services);
    await swap(collection, epoch, copy);
  } catch (error) {
    await shadow.close();
    throw error;
  } finally {
    collection.epoch.index.holdLog(Infinity);
  }
  return { from, to, images: (await shadow.info()).images, dropped: copy.failures() };
}

/** Opens the shadow store that an earlier run left for the same model, or makes an empty one. */
async function openShadow(
  collection: EpochHolder,
  number: number,
  { model, config }: Pick<ModelChange, 'model' | 'config'>,
): Promise<Store> {
  const { paths, epoch } = collection;
  try {
    return await StoreClient.open({ file: paths.store(number), expectFingerprint: model.fingerprint });
  } catch {
    await rm(paths.epoch(number), { recursive: true, force: true });
    const sequence = (await epoch.store.info()).sequence + SEQUENCE_HEADROOM;
    return createStore(paths, number, {
      name: collection.name,
      config,
      model,
      sequence,
    });
  }
}

/** Alone with the collection: the last writes are copied, then the new epoch takes over and the old one goes. */
async function swap(collection: EpochHolder, epoch: Epoch, copy: ShadowCopy): Promise<void> {
  const old = await collection.gate.alone(async () => {
    await copy.catchUp((commit) => epoch.index.note(commit));
    copy.refuseLosses();
    const { sequence } = await epoch.store.info();
    await epoch.index.reach(sequence, INDEX_TIMEOUT_MS);
    await setCurrentEpoch(collection.paths, epoch.number);
    return collection.replaceEpoch(epoch);
  });
  await old.close();
  await rm(collection.paths.epoch(old.number), { recursive: true, force: true });
}
