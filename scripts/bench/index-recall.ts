/**
 * Recall and speed of the graph against the exact scan, memory a vector, build and start-up time.
 *
 *     node dist/scripts/bench/index-recall.js [--counts 10000,100000] [--dimension 256] [--clusters 2000] [--noise 0.7]
 *       [--ef 32,64,128,256] [--M 16] [--ef-construction 200] [--queries 500] [--file descriptors.f32]
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexConfigSchema, type IndexConfig } from '../../engine/types.js';
import { hnswBuild } from '../../engine/vector-index/hnsw-library.js';
import { HnswIndex } from '../../engine/vector-index/hnsw-index.js';
import { loadNewest, saveGeneration } from '../../engine/vector-index/generation-folder.js';
import { VectorTable } from '../../engine/vector-index/vector-table.js';
import { clusteredDescriptors, descriptorsFromFile, type DescriptorSet } from './index-descriptors.js';
import { kthSimilarities, measureSearch, queriesOf, seconds, type Search } from './recall.js';

const K = 10;
const PAGE_ROWS = 4096;

const { values: flags } = parseArgs({
  options: {
    counts: { type: 'string', default: '10000,100000' },
    dimension: { type: 'string', default: '256' },
    clusters: { type: 'string', default: '2000' },
    noise: { type: 'string', default: '0.7' },
    ef: { type: 'string', default: '32,64,128,256' },
    M: { type: 'string' },
    'ef-construction': { type: 'string' },
    queries: { type: 'string', default: '500' },
    file: { type: 'string' },
  },
});

const config = indexConfigSchema.parse({
  exactBelow: 0,
  ...(flags.M === undefined ? {} : { M: Number(flags.M) }),
  ...(flags['ef-construction'] === undefined ? {} : { efConstruction: Number(flags['ef-construction']) }),
});

console.log(`hnswlib build ${hnswBuild()}, M ${config.M}, efConstruction ${config.efConstruction}`);
for (const set of descriptorSets()) await measure(set, config);

function* descriptorSets(): Generator<DescriptorSet> {
  const [dimension, queries] = [Number(flags.dimension), Number(flags.queries)];
  if (flags.file !== undefined) {
    yield descriptorsFromFile(flags.file, dimension, queries);
    return;
  }
  for (const count of flags.counts.split(',').map(Number)) {
    yield clusteredDescriptors({
      count,
      queries,
      dimension,
      clusters: Number(flags.clusters),
      noise: Number(flags.noise),
    });
  }
}

async function measure(set: DescriptorSet, config: IndexConfig): Promise<void> {
  const count = set.base.length / set.dimension;
  console.log(`\n${count} descriptors x ${set.dimension}`);
  const rssBefore = process.memoryUsage().rss;
  const index = new HnswIndex(config, { table: new VectorTable(set.dimension), sequence: 0 });
  report('build', `${seconds(() => build(index, set))} s`);
  const { memoryBytes } = index.stats();
  const rss = process.memoryUsage().rss - rssBefore;
  report('bytes a vector', `${perVector(rss, count)} measured, ${perVector(memoryBytes, count)} by layout`);
  compareSearches(index, set);
  await measureStart(index, set, config);
}

function build(index: HnswIndex, { base, dimension }: DescriptorSet): void {
  const count = base.length / dimension;
  for (let start = 0; start < count; start += PAGE_ROWS) {
    const putNodes = Uint32Array.from({ length: Math.min(PAGE_ROWS, count - start) }, (_, i) => start + i + 1);
    const putVectors = base.subarray(start * dimension, (start + putNodes.length) * dimension);
    index.apply({ sequence: start + putNodes.length, putNodes, putVectors, deletedNodes: new Uint32Array() });
  }
  while (index.step(1000));
}

function compareSearches(index: HnswIndex, set: DescriptorSet): void {
  const queries = queriesOf(set);
  const exact: Search = (query, k) => index.search(query, k, { exact: true }).similarities;
  const kth = kthSimilarities(queries, K, exact);
  const { perSecond: exactPerSecond } = measureSearch(queries.slice(0, 200), K, kth, exact);
  report('exact', `${exactPerSecond.toFixed(0)} queries/s`);
  for (const ef of flags.ef.split(',').map(Number)) {
    const search: Search = (query, k) => index.search(query, k, { ef }).similarities;
    const { recall, perSecond } = measureSearch(queries, K, kth, search);
    const ratio = (perSecond / exactPerSecond).toFixed(1);
    report(`hnsw, ef ${ef}`, `recall@${K} ${recall.toFixed(4)}, ${perSecond.toFixed(0)} queries/s, ${ratio} x exact`);
  }
}

async function measureStart(index: HnswIndex, set: DescriptorSet, config: IndexConfig): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'likeness-index-'));
  const { kind, M, efConstruction } = config;
  const identity = { kind, dimension: set.dimension, M, efConstruction, fingerprint: 'bench' };
  try {
    const start = performance.now();
    await saveGeneration(directory, identity, index.freeze());
    report('save', `${((performance.now() - start) / 1000).toFixed(2)} s`);
    index.thaw();
    const readSeconds = seconds(() => readWhole(directory));
    const loadSeconds = seconds(() => new HnswIndex(config, loadNewest(directory, identity).generation!));
    report(
      'start',
      `${loadSeconds} s, ${(loadSeconds / readSeconds).toFixed(1)} x reading the files (${readSeconds} s)`,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readWhole(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name));
  }
}

function perVector(bytes: number, count: number): string {
  return (bytes / count).toFixed(0);
}

function report(name: string, text: string): void {
  console.log(`  ${name.padEnd(16)} ${text}`);
}
