import type { Candidate } from '../../../engine/ranking/candidate.js';
import type { RankingPorts } from '../../../engine/ranking/ranking-ports.js';
import { rerank } from '../../../engine/ranking/rerank.js';
import type { Metadata } from '../../../engine/types.js';
import { dot } from '../../support/vectors.js';

export interface MemoryImage {
  id: string;
  vector: Float32Array;
  metadata?: Metadata;
}

/** An exact search over images in memory, one node an image; `searches` notes how deep each search went. */
export function memoryPorts(images: readonly MemoryImage[], query: Float32Array) {
  const searches: number[] = [];
  const ports: RankingPorts<Candidate> = {
    search: (vector, count) => {
      searches.push(count);
      const all = images.map(({ id, vector: own, metadata = {} }, node) => {
        return { id, node, metadata, score: dot(query, own), similarity: dot(vector, own) };
      });
      all.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
      return Promise.resolve(all.slice(0, count));
    },
    vectors: (nodes) => {
      const kept = nodes.filter((node) => images[node] !== undefined);
      const dimension = query.length;
      const vectors = new Float32Array(kept.length * dimension);
      kept.forEach((node, row) => vectors.set(images[node]!.vector, row * dimension));
      return Promise.resolve({ nodes: kept, vectors });
    },
    // pictures whose ids end in the same two digits
    lookAlikes: (candidates) => candidates.map(({ id }) => id.slice(-2)),
    // as their metadata says
    verify: (_, candidates) => Promise.resolve(candidates.map(({ metadata }) => Number(metadata['inliers'] ?? 0))),
    rerank: (stage, input) => Promise.resolve(rerank(stage, input)),
  };
  return { ports, searches };
}
