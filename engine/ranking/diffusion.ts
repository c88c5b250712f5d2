import { conjugateGradient } from './conjugate-gradient.js';
import type { DiffusionStage } from './ranking-stage.js';
import { cosineMatrix, rowOf } from './vectors.js';

/** As Iscen et al. solve it: more does not change the order. */
const SOLVER = { iterations: 20, tolerance: 1e-6 };

/** Symmetric sparse matrix: the places of each row that are not 0, and what stands there. */
interface SparseRow {
  columns: number[];
  values: number[];
}

/**
 * Diffusion (Iscen et al. 2017) on the graph of the candidates: (I - alpha S) f = y, where S is the mutual k-nearest-
 * neighbour graph with weights max(0, cosine)^gamma, normalised by the square roots of the degrees, and y the same weights
 * of the query's kq nearest. So a candidate is near that can be reached from there by small steps.
 * @param query unit vector [D]
 * @param vectors unit vectors of the candidates [n, D] row-major, none twice
 * @returns f by position; 0 where nothing of the query arrives
 */
export function diffusionScores(
  query: Float32Array,
  vectors: Float32Array,
  { k, kq, gamma, alpha }: Pick<DiffusionStage, 'k' | 'kq' | 'gamma' | 'alpha'>,
): Float64Array {
  const count = vectors.length / query.length;
  const affinities = cosineMatrix(query, vectors).map((cosine) => Math.max(0, cosine) ** gamma);
  const ofQuery = rowOf(affinities, 0, count + 1).subarray(1);
  const start = new Float64Array(count);
  for (const item of greatest(ofQuery, kq)) start[item] = ofQuery[item]!;
  const ofItems = Array.from({ length: count }, (_, item) => rowOf(affinities, item + 1, count + 1).subarray(1));
  const graph = normalizedByDegree(mutualGraph(ofItems, k));
  const spread = (vector: Float64Array) => vector.map((value, item) => value - alpha * sparseDot(graph[item]!, vector));
  return conjugateGradient(spread, start, SOLVER);
}

/** @returns the positions of the `count` greatest values, but `except`; equal ones by position. */
function greatest(values: Float64Array, count: number, except = -1): Uint32Array {
  const positions = Uint32Array.from(values.keys()).filter((position) => position !== except);
  return positions.sort((a, b) => values[b]! - values[a]! || a - b).subarray(0, count);
}

/** @returns the graph that joins two items if each is among the k nearest of the other. */
function mutualGraph(affinities: readonly Float64Array[], k: number): SparseRow[] {
  const near = affinities.map((ofItem, item) => new Set(greatest(ofItem, k, item)));
  return affinities.map((ofItem, item) => {
    const columns = [...near[item]!].filter((other) => near[other]!.has(item));
    return { columns, values: columns.map((other) => ofItem[other]!) };
  });
}

/** @returns D^-1/2 A D^-1/2, D being the sums of the rows; an item without neighbours stays without. */
function normalizedByDegree(graph: readonly SparseRow[]): SparseRow[] {
  const roots = graph.map(({ values }) => Math.sqrt(values.reduce((sum, value) => sum + value, 0)));
  return graph.map(({ columns, values }, item) => ({
    columns,
    values: values.map((value, i) => (value === 0 ? 0 : value / (roots[item]! * roots[columns[i]!]!))),
  }));
}

function sparseDot({ columns, values }: SparseRow, vector: Float64Array): number {
  let sum = 0;
  columns.forEach((column, i) => (sum += values[i]! * vector[column]!));
  return sum;
}
