import type { Collection } from '../engine/collection/collection.js';
import type { CollectionServices } from '../engine/collection/services.js';
import type { Engine } from '../engine/engine.js';

/** What the server asks of a collection. */
export type ServedCollection = Pick<
  Collection,
  | 'name'
  | 'info'
  | 'put'
  | 'patchMetadata'
  | 'delete'
  | 'get'
  | 'list'
  | 'idsByContent'
  | 'original'
  | 'thumbnail'
  | 'describe'
  | 'findSubjects'
  | 'search'
  | 'searchAgain'
  | 'addFeedback'
  | 'exportImages'
  | 'fields'
  | 'putDescribed'
  | 'categories'
  | 'startReembed'
  | 'startVerify'
  | 'startTrainHead'
  | 'startTune'
  | 'startCalibrate'
  | 'duplicates'
  | 'compare'
  | 'startLearnDomains'
  | 'jobs'
>;

/** What the server asks of the engine; structural, so that tests can serve something smaller. */
export interface ServedEngine extends Pick<Engine, 'ready' | 'quarantined' | 'delete'> {
  readonly services: {
    readonly extractor: Pick<CollectionServices['extractor'], 'stats'>;
    readonly models: Pick<CollectionServices['models'], 'list'>;
  };
  list(): ServedCollection[];
  get(name: string): ServedCollection;
  create(...args: Parameters<Engine['create']>): Promise<ServedCollection>;
}
