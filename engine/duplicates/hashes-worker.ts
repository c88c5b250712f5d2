/** The thread that looks for near hashes among many; see find-duplicates.ts for its calling side. */
import { serveWorker } from '../threads/serve-worker.js';
import { nearHashes } from './near-hashes.js';

const handlers = {
  near: ({ hashes, maxDistance }: { hashes: string[]; maxDistance: number }) => nearHashes(hashes, maxDistance),
};

export type HashesWorkerApi = typeof handlers;

serveWorker(handlers);
