import type { LikenessError } from '../errors.js';
import { WorkerClient } from '../threads/worker-client.js';
import { workerUrl } from '../threads/worker-url.js';
import type { ImageRecord, Metadata } from '../types.js';
import type { Filter } from './filter.js';
import type { StoreWorkerApi } from './store-worker.js';
import type { ImageWrite, Store, StoreOptions } from './store.js';

/**
 * A store in a worker thread of its own. Typed arrays are copied before they are sent, since a view would take the whole
 * buffer under it along.
 */
export class StoreClient implements Store {
  readonly #worker: WorkerClient<StoreWorkerApi>;

  private constructor(worker: WorkerClient<StoreWorkerApi>) {
    this.#worker = worker;
  }

  /**
   * Starts the thread and opens the file, checked.
   * @throws `store_corrupt`, `store_too_new`, `fingerprint_mismatch`; with `create`: `collection_exists`, `disk_full`
   */
  static async open(
    options: StoreOptions,
    thread: { name?: string; onCrash?: (error: LikenessError) => void } = {},
  ): Promise<StoreClient> {
    const worker = new WorkerClient<StoreWorkerApi>(workerUrl(import.meta.url, './store-worker.js'), {
      name: 'store',
      ...thread,
    });
    try {
      await worker.call('open', options);
      return new StoreClient(worker);
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  info() {
    return this.#worker.call('info', undefined);
  }

  put(write: ImageWrite) {
    const regions = write.regions?.map((region) => ({ ...region, descriptor: region.descriptor.slice() }));
    return this.#worker.call('put', { ...write, descriptor: write.descriptor.slice(), regions });
  }

  patchMetadata(id: string, patch: Metadata) {
    return this.#worker.call('patchMetadata', [id, patch]);
  }

  delete(id: string) {
    return this.#worker.call('delete', id);
  }

  get(id: string) {
    return this.#worker.call('get', id);
  }

  getMany(ids: string[]) {
    return this.#worker.call('getMany', ids);
  }

  list(page: { after?: string; limit: number; filter?: Filter }) {
    return this.#worker.call('list', page);
  }

  count(filter?: Filter) {
    return this.#worker.call('count', filter);
  }

  searchText(text: string, options: { filter?: Filter; limit: number }) {
    return this.#worker.call('searchText', [text, options]);
  }

  textFaults() {
    return this.#worker.call('textFaults', undefined);
  }

  rebuildText() {
    return this.#worker.call('rebuildText', undefined);
  }

  descriptorOf(id: string) {
    return this.#worker.call('descriptorOf', id);
  }

  regionsOf(images: Pick<ImageRecord, 'id' | 'contentHash'>[]) {
    const wanted = images.map(({ id, contentHash }) => ({ id, contentHash }));
    return this.#worker.call('regionsOf', wanted);
  }

  descriptorByContent(contentHash: string) {
    return this.#worker.call('descriptorByContent', contentHash);
  }

  fillPerceptualHashes(hashes: { contentHash: string; perceptualHash: string }[]) {
    return this.#worker.call('fillPerceptualHashes', hashes);
  }

  idsByContent(contentHashes: string[]) {
    return this.#worker.call('idsByContent', contentHashes);
  }

  imagesOfNodes(nodes: Uint32Array, options?: { filter?: Filter; limitPerNode?: number }) {
    return this.#worker.call('imagesOfNodes', [nodes.slice(), options]);
  }

  nodesMatching(filter: Filter, limit: number) {
    return this.#worker.call('nodesMatching', [filter, limit]);
  }

  nodePage(after: number, limit: number) {
    return this.#worker.call('nodePage', [after, limit]);
  }

  nodeVectors(nodes: Uint32Array) {
    return this.#worker.call('nodeVectors', nodes.slice());
  }

  imagePage(after: number, limit: number, every = 1) {
    return this.#worker.call('imagePage', [after, limit, every]);
  }

  fields(sample: number) {
    return this.#worker.call('fields', sample);
  }

  changesSince(sequence: number, limit: number) {
    return this.#worker.call('changesSince', [sequence, limit]);
  }

  /** In slices, so that other calls get their turn between them. */
  async pruneLog(sequence: number): Promise<void> {
    while (!(await this.#worker.call('pruneLog', sequence)));
  }

  keptContentHashes() {
    return this.#worker.call('keptContentHashes', undefined);
  }

  verify() {
    return this.#worker.call('verify', undefined);
  }

  async close(): Promise<void> {
    await this.#worker.call('close', undefined);
    await this.#worker.close();
  }
}
