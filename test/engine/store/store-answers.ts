import type { SqliteStore } from '../../../engine/store/sqlite-store.js';

/** All that can be asked of a small store, question by question; what is asked comes from `ids` and `hashes`. */
export function questions(ids: string[], hashes: string[]): Record<string, (store: SqliteStore) => unknown> {
  const nodes = Uint32Array.from({ length: 60 }, (_, i) => i + 1);
  return {
    info: (store) => store.info(),
    list: (store) => store.list({ limit: 100 }),
    ...Object.fromEntries(ids.map((id) => [`get ${id}`, (store: SqliteStore) => store.getMany([id])])),
    idsByContent: (store) => store.idsByContent(hashes),
    imagesOfNodes: (store) => store.imagesOfNodes(nodes),
    filtered: (store) => store.list({ limit: 100, filter: { brand: 'brand-1', price: { gte: 3 } } }),
    nodesMatching: (store) => [...store.nodesMatching({ brand: { ne: 'brand-1' } }, 100).nodes].sort(),
    nodeVectors: (store) => plain(store.nodeVectors(nodes)),
    nodePage: (store) => plain(store.nodePage(0, 100)),
    imagePage: (store) => ({ ...store.imagePage(0, 100), ...plain(store.imagePage(0, 100)) }),
    changes: (store) => store.changesSince(store.info().logStart, 100),
    kept: (store) => store.keptContentHashes().sort(),
  };
}

function plain({ nodes, vectors }: { nodes: Uint32Array; vectors: Float32Array }) {
  return { nodes: [...nodes], vectors: [...vectors] };
}
