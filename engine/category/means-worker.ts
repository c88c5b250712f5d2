/** The thread that averages descriptors by group; see means-thread.ts for its calling side. */
import { serveWorker } from '../threads/serve-worker.js';
import { GroupMeans, type GroupedRows } from './group-means.js';

let gathered = new GroupMeans(0);

const handlers = {
  begin: (dimension: number) => {
    gathered = new GroupMeans(dimension);
  },
  add: (rows: GroupedRows) => gathered.add(rows),
  means: () => gathered.means(),
};

export type MeansWorkerApi = typeof handlers;

serveWorker(handlers);
