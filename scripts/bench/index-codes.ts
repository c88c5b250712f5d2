/**
 * Codes against the float scan and the graph: bytes, time to make, recall@10 and queries a second, by how many candidates
 * are re-scored in float. int8 and ITQ are measured here only, to show what they would bring.
 *
 *     node dist/scripts/bench/index-codes.js [--count 100000] [--dimension 256] [--clusters 2000] [--noise 0.7]
 *       [--queries 200] [--candidates 50,100,200] [--file descriptors.f32] [--itq 50] [--no-hnsw]
 *
 * --itq 0 leaves ITQ out; it learns from 3000 of the descriptors.
 */
import { parseArgs } from 'node:util';
import { indexConfigSchema } from '../../engine/types.js';
import { hammingDistance } from '../../engine/vector-index/codes/hamming.js';
import { dot } from '../../engine/vector-index/exact-scan.js';
import { HnswIndex } from '../../engine/vector-index/hnsw-index.js';
import { SignIndex } from '../../engine/vector-index/sign-index.js';
import { TopK } from '../../engine/vector-index/top-k.js';
import { VectorTable } from '../../engine/vector-index/vector-table.js';
import { int8Codes, int8Dot } from './codes/int8.js';
import { columnsOf, denseRotation, denseSignCodes, learnItq } from './codes/itq.js';
import { clusteredDescriptors, descriptorsFromFile, normalNumbers, type DescriptorSet } from './index-descriptors.js';
import { kthSimilarities, measureSearch, queriesOf, seconds, type Search } from './recall.js';

const K = 10;
const PAGE_ROWS = 4096;
const ITQ_ROWS = 3000;
const HNSW_EF = [64, 128, 256];

const { values: flags } = parseArgs({
  allowNegative: true,
  options: {
    count: { type: 'string', default: '100000' },
    dimension: { type: 'string', default: '256' },
    clusters: { type: 'string', default: '2000' },
    noise: { type: 'string', default: '0.7' },
    queries: { type: 'string', default: '200' },
    candidates: { type: 'string', default: '50,100,200' },
    file: { type: 'string' },
    itq: { type: 'string', default: '50' },
    hnsw: { type: 'boolean', default: true },
  },
});
const candidateCounts = flags.candidates.split(',').map(Number);

/** Scores every row by its code, higher is nearer. */
type CoarseScore = (query: Float32Array) => (row: number) => number;

const set = readSet();
const { dimension, base } = set;
const count = base.length / dimension;
const queries = queriesOf(set);
const exact: Search = (query, k) => scanFloat(query, k);
const kth = kthSimilarities(queries, K, exact);

console.log(`${count} descriptors x ${dimension}, ${queries.length} queries`);
console.log('form              candidates  bytes a vector  made in s  recall@10  queries/s');
report('float scan', '-', dimension * 4, 0, exact);
measureInt8();
measureSign();
if (Number(flags.itq) > 0) measureDense();
if (flags.hnsw) measureHnsw();

function readSet(): DescriptorSet {
  const [wanted, asked] = [Number(flags.dimension), Number(flags.queries)];
  if (flags.file !== undefined) return descriptorsFromFile(flags.file, wanted, asked);
  const shape = { clusters: Number(flags.clusters), noise: Number(flags.noise) };
  return clusteredDescriptors({ count: Number(flags.count), queries: asked, dimension: wanted, ...shape });
}

function report(form: string, candidates: number | string, bytes: number, madeIn: number, search: Search): void {
  const { recall, perSecond } = measureSearch(queries, K, kth, search);
  const cells = [bytes.toFixed(0).padStart(14), madeIn.toFixed(1).padStart(9), recall.toFixed(4).padStart(9)];
  console.log(
    [form.padEnd(17), String(candidates).padStart(10), ...cells, perSecond.toFixed(0).padStart(9)].join('  '),
  );
}

function scanFloat(query: Float32Array, k: number): Float32Array {
  const best = new TopK(k);
  for (let row = 0; row < count; row++) best.offer(dot(query, base, row * dimension), row);
  return best.take().similarities;
}

/** The best candidates by code, re-scored in float. */
function coarseThenFine(coarse: CoarseScore, candidates: number): Search {
  return (query, k) => {
    const scoreOf = coarse(query);
    const near = new TopK(candidates);
    for (let row = 0; row < count; row++) near.offer(scoreOf(row), row);
    const best = new TopK(k);
    for (const row of near.take().nodes) best.offer(dot(query, base, row * dimension), row);
    return best.take().similarities;
  };
}

function measureInt8(): void {
  const [codes, madeIn] = timed(() => int8Codes(base));
  const coarse: CoarseScore = (query) => {
    const code = int8Codes(query);
    return (row) => int8Dot(code, codes, row * dimension) / (127 * 127 * dimension);
  };
  for (const candidates of candidateCounts) {
    report('int8', candidates, dimension * 5, madeIn, coarseThenFine(coarse, candidates));
  }
}

function measureSign(): void {
  const config = indexConfigSchema.parse({ kind: 'sign', exactBelow: 0 });
  const index = new SignIndex(config, { table: new VectorTable(dimension), sequence: 0 });
  const madeIn = fill(index);
  const bytes = index.stats().memoryBytes / count;
  // the index never re-scores fewer than ten for each wanted
  for (const ef of candidateCounts.filter((candidates) => candidates >= 10 * K)) {
    report('sign', ef, bytes, madeIn, (query, k) => index.search(query, k, { ef }).similarities);
  }
}

/** Sign codes by a dense rotation: a random one, and what ITQ makes of it. */
function measureDense(): void {
  const centre = meanOf(base);
  const sample = new Float32Array(Math.min(count, ITQ_ROWS) * dimension);
  const every = Math.floor(count / (sample.length / dimension));
  for (let i = 0; i < sample.length; i++) {
    const row = Math.floor(i / dimension) * every;
    sample[i] = base[row * dimension + (i % dimension)]! - centre[i % dimension]!;
  }
  const random = denseRotation(dimension, normalNumbers(5));
  measureRotation('sign, dense', centre, columnsOf(random), 0);
  const [learned, learnedIn] = timed(() => learnItq(sample, dimension, Number(flags.itq), random));
  measureRotation('sign, ITQ', centre, columnsOf(learned), learnedIn);
}

function measureRotation(form: string, centre: Float32Array, columns: Float32Array[], learnedIn: number): void {
  const [codes, codedIn] = timed(() => denseSignCodes(base, centre, columns));
  const words = dimension / 32;
  const coarse: CoarseScore = (query) => {
    const code = denseSignCodes(query, centre, columns);
    return (row) => -hammingDistance(code, codes, row * words) / dimension;
  };
  for (const candidates of candidateCounts) {
    report(form, candidates, dimension * 4 + words * 4, learnedIn + codedIn, coarseThenFine(coarse, candidates));
  }
}

function measureHnsw(): void {
  const index = new HnswIndex(indexConfigSchema.parse({ exactBelow: 0 }), {
    table: new VectorTable(dimension),
    sequence: 0,
  });
  const madeIn = fill(index);
  const bytes = index.stats().memoryBytes / count;
  for (const ef of HNSW_EF)
    report('hnsw', ef, bytes, madeIn, (query, k) => index.search(query, k, { ef }).similarities);
}

/** Puts every descriptor. @returns how long that and the work behind it took, seconds. */
function fill(index: HnswIndex | SignIndex): number {
  return seconds(() => {
    for (let start = 0; start < count; start += PAGE_ROWS) {
      const putNodes = Uint32Array.from({ length: Math.min(PAGE_ROWS, count - start) }, (_, i) => start + i + 1);
      const putVectors = base.subarray(start * dimension, (start + putNodes.length) * dimension);
      index.apply({ sequence: start + putNodes.length, putNodes, putVectors, deletedNodes: new Uint32Array() });
    }
    while (index.step(1000));
  });
}

/** @returns what it made, and how long that took, seconds. */
function timed<T>(make: () => T): [T, number] {
  const start = performance.now();
  const made = make();
  return [made, (performance.now() - start) / 1000];
}

function meanOf(rows: Float32Array): Float32Array {
  const mean = new Float64Array(dimension);
  rows.forEach((value, i) => (mean[i % dimension]! += value));
  return Float32Array.from(mean, (sum) => sum / count);
}
