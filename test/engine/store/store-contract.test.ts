import { SqliteStore } from '../../../engine/store/sqlite-store.js';
import { GroupCommit } from '../../../engine/store/group-commit.js';
import { StoreClient } from '../../../engine/store/store-client.js';
import type { Store, StoreOptions } from '../../../engine/store/store.js';
import { storeContract } from '../../contract/store.contract.js';

storeContract('StoreClient', (options) => StoreClient.open(options));
storeContract('SqliteStore with GroupCommit', (options) => Promise.resolve().then(() => inThisThread(options)));

/** The store without its thread: reads answer at once, writes go through the queue, as in store-worker.ts. */
function inThisThread(options: StoreOptions): Store {
  const store = new SqliteStore(options);
  const queue = new GroupCommit((group) => store.commitTogether(group));
  const later = <T>(read: () => T): Promise<T> => Promise.resolve().then(read);
  return {
    put: (write) => queue.add(() => store.put(write)),
    patchMetadata: (id, patch) => queue.add(() => store.patchMetadata(id, patch)),
    delete: (id) => queue.add(() => store.delete(id)),
    info: () => later(() => store.info()),
    get: (id) => later(() => store.get(id)),
    getMany: (ids) => later(() => store.getMany(ids)),
    list: (page) => later(() => store.list(page)),
    count: (filter) => later(() => store.count(filter)),
    searchText: (text, options) => later(() => store.searchText(text, options)),
    textFaults: () => later(() => store.textFaults()),
    rebuildText: () => queue.add(() => store.rebuildText()),
    descriptorOf: (id) => later(() => store.descriptorOf(id)),
    regionsOf: (images) => later(() => store.regionsOf(images)),
    descriptorByContent: (contentHash) => later(() => store.descriptorByContent(contentHash)),
    fillPerceptualHashes: (hashes) => queue.add(() => store.fillPerceptualHashes(hashes)),
    idsByContent: (contentHashes) => later(() => store.idsByContent(contentHashes)),
    imagesOfNodes: (nodes, selection) => later(() => store.imagesOfNodes(nodes, selection)),
    nodesMatching: (filter, limit) => later(() => store.nodesMatching(filter, limit)),
    nodePage: (after, limit) => later(() => store.nodePage(after, limit)),
    nodeVectors: (nodes) => later(() => store.nodeVectors(nodes)),
    imagePage: (after, limit, every) => later(() => store.imagePage(after, limit, every)),
    fields: (sample) => later(() => store.fields(sample)),
    changesSince: (sequence, limit) => later(() => store.changesSince(sequence, limit)),
    pruneLog: (sequence) => later(() => void store.pruneLog(sequence)),
    keptContentHashes: () => later(() => store.keptContentHashes()),
    verify: () => later(() => store.verify()),
    close: () =>
      later(() => {
        queue.flush();
        store.close();
      }),
  };
}
