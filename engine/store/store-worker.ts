/** The thread that owns one store; see store-client.ts for its calling side. Writes are committed in groups. */
import { Transferred, serveWorker } from '../threads/serve-worker.js';
import { GroupCommit } from './group-commit.js';
import { SqliteStore } from './sqlite-store.js';
import type { ImagePage, ImageWrite, NodePage, Store, StoreOptions } from './store.js';

type ArgumentsOf<M extends keyof Store> = Parameters<Store[M]>;

let opened: SqliteStore | undefined;
const writes = new GroupCommit((group) => store().commitTogether(group));

function store(): SqliteStore {
  if (opened === undefined) throw new Error('expected open to be called first');
  return opened;
}

/** Lets the vectors move to the caller's thread instead of being copied; the caller gets the page itself. */
function moved<P extends NodePage | ImagePage>(page: P): P {
  return new Transferred(page, [page.vectors.buffer as ArrayBuffer]) as unknown as P;
}

const handlers = {
  open: (options: StoreOptions) => {
    opened = new SqliteStore(options);
  },
  info: () => store().info(),
  put: (write: ImageWrite) => writes.add(() => store().put(write)),
  patchMetadata: ([id, patch]: ArgumentsOf<'patchMetadata'>) => writes.add(() => store().patchMetadata(id, patch)),
  delete: (id: string) => writes.add(() => store().delete(id)),
  get: (id: string) => store().get(id),
  getMany: (ids: string[]) => store().getMany(ids),
  list: (page: ArgumentsOf<'list'>[0]) => store().list(page),
  count: (filter: ArgumentsOf<'count'>[0]) => store().count(filter),
  searchText: ([text, options]: ArgumentsOf<'searchText'>) => store().searchText(text, options),
  textFaults: () => store().textFaults(),
  rebuildText: () => writes.add(() => store().rebuildText()),
  descriptorOf: (id: string) => store().descriptorOf(id),
  regionsOf: (images: ArgumentsOf<'regionsOf'>[0]) => store().regionsOf(images),
  descriptorByContent: (contentHash: string) => store().descriptorByContent(contentHash),
  fillPerceptualHashes: (hashes: ArgumentsOf<'fillPerceptualHashes'>[0]) =>
    writes.add(() => store().fillPerceptualHashes(hashes)),
  idsByContent: (contentHashes: string[]) => store().idsByContent(contentHashes),
  imagesOfNodes: ([nodes, options]: ArgumentsOf<'imagesOfNodes'>) => store().imagesOfNodes(nodes, options),
  nodesMatching: ([filter, limit]: ArgumentsOf<'nodesMatching'>) => store().nodesMatching(filter, limit),
  nodePage: ([after, limit]: ArgumentsOf<'nodePage'>) => moved(store().nodePage(after, limit)),
  nodeVectors: (nodes: Uint32Array) => moved(store().nodeVectors(nodes)),
  imagePage: (page: ArgumentsOf<'imagePage'>) => moved(store().imagePage(...page)),
  fields: (sample: number) => store().fields(sample),
  changesSince: ([sequence, limit]: ArgumentsOf<'changesSince'>) => store().changesSince(sequence, limit),
  pruneLog: (sequence: number) => store().pruneLog(sequence),
  keptContentHashes: () => store().keptContentHashes(),
  verify: () => store().verify(),
  close: () => {
    writes.flush();
    store().close();
  },
};

export type StoreWorkerApi = typeof handlers;

serveWorker(handlers);
