import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readGeneration } from '../../../engine/vector-index/generation.js';
import { HnswIndex } from '../../../engine/vector-index/hnsw-index.js';
import { indexConfig } from './fixtures.js';

const FOLDER = fileURLToPath(new URL('../../golden/generation-format-1/', import.meta.url));
const IDENTITY = { kind: 'hnsw', dimension: 8, M: 8, efConstruction: 100, fingerprint: 'golden' } as const;

interface Case {
  query: number[];
  nodes: number[];
  similarities: number[];
}

it('reads a generation of format 1 as it was written, and finds the same neighbours', () => {
  const config = indexConfig({ M: 8, efConstruction: 100, efSearch: 64, exactBelow: 0 });
  const index = new HnswIndex(config, readGeneration(FOLDER, IDENTITY));
  expect(index.stats()).toMatchObject({ sequence: 205, live: 195, tombstones: 4, pending: 19 });
  const cases = JSON.parse(readFileSync(`${FOLDER}expected.json`, 'utf8')) as Case[];
  expect(cases).toHaveLength(8);
  for (const { query, nodes, similarities } of cases) {
    const found = index.search(Float32Array.from(query), 10);
    expect([found.plan, [...found.nodes], [...found.similarities]]).toEqual(['hnsw', nodes, similarities]);
  }
});
