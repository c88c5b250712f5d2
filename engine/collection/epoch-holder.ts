import type { Epoch } from './epoch.js';
import type { Gate } from './gate.js';
import type { OriginalKeeper } from './original-keeper.js';
import type { CollectionPaths } from './paths.js';
import type { CollectionServices } from './services.js';

/** What long work on a collection needs of it; Collection is the one that exists. */
export interface EpochHolder {
  readonly name: string;
  readonly paths: CollectionPaths;
  readonly services: CollectionServices;
  readonly originals: OriginalKeeper;
  /** Writes pass it; whoever is alone in it sees none. */
  readonly gate: Gate;
  /** The epoch in use. */
  readonly epoch: Epoch;
  /** Puts another epoch in place; the caller is alone in the gate. @returns the epoch that was in use. */
  replaceEpoch(epoch: Epoch): Epoch;
}
