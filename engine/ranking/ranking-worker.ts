/** The thread that re-ranks candidates; see ranking-thread.ts for its calling side. */
import { serveWorker } from '../threads/serve-worker.js';
import type { RerankStage } from './ranking-stage.js';
import { rerank, type RerankInput } from './rerank.js';

const handlers = {
  rerank: ({ stage, input }: { stage: RerankStage; input: RerankInput }) => rerank(stage, input),
};

export type RankingWorkerApi = typeof handlers;

serveWorker(handlers);
