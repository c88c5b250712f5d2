import { readFileSync } from 'node:fs';

/** Descriptors with queries that are not among them; both [rows, dimension] row-major, each row of length 1. */
export interface DescriptorSet {
  dimension: number;
  base: Float32Array;
  queries: Float32Array;
}

export interface ClusterOptions {
  count: number;
  queries: number;
  dimension: number;
  clusters: number;
  /** Length of the noise around a cluster's centre, which has length 1; 0.7 gives cosines of about 0.67 in a cluster. */
  noise?: number;
  seed?: number;
}

/** Synthetic descriptors in clusters, as products or scenes with several pictures each make them; queries are new draws. */
export function clusteredDescriptors(options: ClusterOptions): DescriptorSet {
  const { count, queries, dimension, clusters, noise = 0.7, seed = 1 } = options;
  const normal = normalNumbers(seed);
  const centres = randomRows(clusters, dimension, normal);
  const draw = (rows: number) => drawRows(rows, centres, dimension, noise, normal);
  return { dimension, base: draw(count), queries: draw(queries) };
}

/**
 * Reads little-endian float32 rows and holds out every n-th row as a query.
 * @throws if the file does not hold whole rows.
 */
export function descriptorsFromFile(path: string, dimension: number, queryCount: number): DescriptorSet {
  const bytes = readFileSync(path);
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const rows = numbers.length / dimension;
  if (!Number.isInteger(rows)) throw new Error(`expected rows of ${dimension} numbers, got ${numbers.length} numbers`);
  const every = Math.max(2, Math.floor(rows / queryCount));
  const isQuery = (row: number) => row % every === 0;
  const pick = (wanted: boolean) => numbers.filter((_, i) => isQuery(Math.floor(i / dimension)) === wanted);
  return { dimension, base: pick(false), queries: pick(true) };
}

function drawRows(
  rows: number,
  centres: Float32Array,
  dimension: number,
  noise: number,
  normal: () => number,
): Float32Array {
  const drawn = new Float32Array(rows * dimension);
  const clusters = centres.length / dimension;
  for (let row = 0; row < rows; row++) {
    const centre = (row % clusters) * dimension;
    for (let i = 0; i < dimension; i++) {
      drawn[row * dimension + i] = centres[centre + i]! + (noise / Math.sqrt(dimension)) * normal();
    }
  }
  return normalizeRows(drawn, dimension);
}

function randomRows(rows: number, dimension: number, normal: () => number): Float32Array {
  return normalizeRows(
    Float32Array.from({ length: rows * dimension }, () => normal()),
    dimension,
  );
}

function normalizeRows(rows: Float32Array, dimension: number): Float32Array {
  for (let start = 0; start < rows.length; start += dimension) {
    const row = rows.subarray(start, start + dimension);
    const length = Math.hypot(...row);
    for (let i = 0; i < dimension; i++) row[i]! /= length;
  }
  return rows;
}

/** Normal numbers from a seed: mulberry32 for the uniform ones, Box and Muller's transform. */
export function normalNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
