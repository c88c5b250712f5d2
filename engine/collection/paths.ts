import { join } from 'node:path';

/**
 * Where one collection lies:
 *
 *     collections/<name>/current.json            the number of the epoch in use, sealed, replaced atomically
 *     collections/<name>/epochs/2/store.sqlite   the truth, under one fingerprint
 *     collections/<name>/epochs/2/generations/   saved graphs, derived
 *     collections/<name>/epochs/2/learned/       what was learned from its descriptors, derived
 *     collections/<name>/originals/              bytes of uploads, content-addressed, shared by epochs
 *     collections/<name>/queries.sqlite          searches of late and feedback on them, shared by epochs
 *
 * Re-embedding fills epoch n+1 beside epoch n and then replaces current.json.
 */
export class CollectionPaths {
  readonly root: string;

  constructor(dataDir: string, name: string) {
    this.root = join(collectionsFolder(dataDir), name);
  }

  get current(): string {
    return join(this.root, 'current.json');
  }
  get originals(): string {
    return join(this.root, 'originals');
  }
  get queries(): string {
    return join(this.root, 'queries.sqlite');
  }
  get epochs(): string {
    return join(this.root, 'epochs');
  }
  epoch(epoch: number): string {
    return join(this.epochs, String(epoch));
  }
  store(epoch: number): string {
    return join(this.epoch(epoch), 'store.sqlite');
  }
  generations(epoch: number): string {
    return join(this.epoch(epoch), 'generations');
  }
  learned(epoch: number): string {
    return join(this.epoch(epoch), 'learned');
  }
}

/** @returns the folder that holds a folder for each collection. */
export function collectionsFolder(dataDir: string): string {
  return join(dataDir, 'collections');
}

/** @returns the folder of the content-addressed copies of models that collections were made with. */
export function modelCopiesFolder(dataDir: string): string {
  return join(dataDir, 'model-copies');
}
