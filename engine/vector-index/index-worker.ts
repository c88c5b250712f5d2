/** The thread that owns one vector index; see index-client.ts for its calling side. */
import { serveWorker } from '../threads/serve-worker.js';
import type { NodeSearchOptions } from './index-core.js';
import { LocalIndex, type IndexOptions, type OpenReport } from './local-index.js';
import type { NodeChanges } from './vector-index.js';

let opened: LocalIndex | undefined;

function index(): LocalIndex {
  if (opened === undefined) throw new Error('expected open to be called first');
  return opened;
}

const handlers = {
  open: (options: IndexOptions): OpenReport => (opened = new LocalIndex(options)).opened,
  apply: (changes: NodeChanges) => index().apply(changes),
  search: ({ query, k, options }: { query: Float32Array; k: number; options: NodeSearchOptions }) =>
    index().search(query, k, options),
  searchAmong: ({ query, nodes, k }: { query: Float32Array; nodes: Uint32Array; k: number }) =>
    index().searchAmong(query, nodes, k),
  stats: () => index().stats(),
  save: () => index().save(),
  idle: () => index().idle(),
  close: () => index().close(),
};

export type IndexWorkerApi = typeof handlers;

serveWorker(handlers);
