import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { graphFileFault, graphMemoryBytes } from '../../../engine/vector-index/graph-layout.js';
import { HnswGraph } from '../../../engine/vector-index/hnsw-graph.js';
import { range, temporaryFolder, vectorOf } from './fixtures.js';

const PARAMETERS = { dimension: 4, M: 8, efConstruction: 100 };

function graphOf(nodes: number[]): HnswGraph {
  const graph = HnswGraph.create(PARAMETERS);
  for (const node of nodes) graph.add(node, vectorOf(node, 4));
  return graph;
}

describe('HnswGraph', () => {
  it('gives nothing from an empty graph, and all when k is above its capacity', () => {
    expect(graphOf([]).search(vectorOf(1, 4), 10, 10)).toEqual([]);
    expect(graphOf([4, 5, 6]).search(vectorOf(5, 4), 100_000, 10).sort()).toEqual([4, 5, 6]);
  });

  it('does not give nodes that are marked', () => {
    const graph = graphOf(range(0, 20));
    graph.markDeleted(7);
    expect(graph.search(vectorOf(7, 4), 20, 50)).not.toContain(7);
    expect(graph.count).toBe(20);
  });

  it('comes back from its file, with the ef of each search and room to grow', async () => {
    const path = join(temporaryFolder(), 'graph');
    const graph = graphOf(range(0, 1024));
    await graph.write(path);
    expect(graphFileFault(path, { ...PARAMETERS, count: 1024 })).toBeUndefined();
    const loaded = HnswGraph.load(path, 4);
    expect(loaded.count).toBe(1024);
    expect(loaded.search(vectorOf(9, 4), 100, 200)).toEqual(graph.search(vectorOf(9, 4), 100, 200));
    loaded.add(5000, vectorOf(5000, 4));
    expect(loaded.search(vectorOf(5000, 4), 1, 50)).toEqual([5000]);
  });

  it('refuses changes while it is being written, and takes them afterwards', async () => {
    const graph = graphOf(range(0, 500));
    const written = graph.write(join(temporaryFolder(), 'graph'));
    expect(() => graph.add(1000, vectorOf(1000, 4))).toThrow('while it is being written');
    expect(() => graph.markDeleted(3)).toThrow('while it is being written');
    expect(graph.search(vectorOf(3, 4), 1, 50)).toEqual([3]);
    await written;
    graph.markDeleted(3);
    expect(graph.search(vectorOf(3, 4), 1, 50)).not.toEqual([3]);
  });
});

describe('graphFileFault', () => {
  it('names what does not agree with the file', async () => {
    const path = join(temporaryFolder(), 'graph');
    await graphOf(range(0, 300)).write(path);
    const shape = { ...PARAMETERS, count: 300 };
    expect(graphFileFault(path, { ...shape, count: 299 })).toBe('expected count 299, got 300');
    expect(graphFileFault(path, { ...shape, count: 3000 })).toMatch(/^expected at least \d+ bytes/);
    expect(graphFileFault(path, { ...shape, dimension: 3 })).toBe('expected bytes a node 88, got 92');
    expect(graphFileFault(path, { ...shape, M: 9, dimension: 2 })).toBe('expected M 9, got 8');
  });
});

describe('graphMemoryBytes', () => {
  it('is the layout, worked by hand: 512 dimensions, M 16', () => {
    // 4 + 128 links + 2048 vector + 8 label, 68 / 15 for upper levels, 94 of bookkeeping
    expect(graphMemoryBytes({ count: 15, dimension: 512, M: 16 })).toBe(15 * (2188 + 94) + 68);
  });
});
