import { UMAP } from 'umap-js';

/** Pictures on the plane: [x, y] of each, in 0..1 of the longer side. */
export type Places = Float32Array;

/** Neighbours that hold a picture in its place. */
const NEIGHBOURS = 24;
/** Rows between two words about how far it is. */
const ROWS_A_STEP = 64;
/** Share of the work that finding the neighbours is. */
const SEARCH_SHARE = 0.4;

/**
 * Unit vectors laid out on the plane, so that what is alike lies together (UMAP, McInnes et al. 2018), the same each time.
 * @param vectors [n, dimension] row-major
 * @param onProgress is told the share that is done
 */
export function project(vectors: Float32Array, dimension: number, onProgress: (share: number) => void): Places {
  const count = vectors.length / dimension;
  // too few for neighbours to say anything
  if (count < 4) return Float32Array.from({ length: count * 2 }, (_, i) => (i % 2 === 0 ? (i / 2 + 0.5) / count : 0.5));
  const wanted = Math.min(NEIGHBOURS, count - 1);
  const { indices, distances } = nearest(vectors, { dimension, wanted }, (share) => onProgress(share * SEARCH_SHARE));
  const umap = new UMAP({ nNeighbors: wanted, minDist: 0.9, spread: 2.2, random: seeded(7) });
  umap.setPrecomputedKNN(indices, distances);
  // the vectors themselves are not looked at any more
  const epochs = umap.initializeFit(Array.from({ length: count }, (_, i) => [i]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    onProgress(SEARCH_SHARE + (1 - SEARCH_SHARE) * ((epoch + 1) / epochs));
  }
  return toUnitSquare(umap.getEmbedding());
}

/** Every vector's nearest by cosine distance, itself first, as UMAP takes them. */
function nearest(
  vectors: Float32Array,
  { dimension, wanted }: { dimension: number; wanted: number },
  onProgress: (share: number) => void,
): { indices: number[][]; distances: number[][] } {
  const count = vectors.length / dimension;
  const indices: number[][] = [];
  const distances: number[][] = [];
  const scores = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const own = vectors.subarray(row * dimension, (row + 1) * dimension);
    for (let other = 0; other < count; other++) scores[other] = dot(own, vectors, other * dimension);
    scores[row] = Infinity;
    const best = highest(scores, wanted);
    indices.push(best);
    distances.push(best.map((other) => (other === row ? 0 : Math.max(0, 1 - scores[other]!))));
    if (row % ROWS_A_STEP === 0) onProgress(row / count);
  }
  return { indices, distances };
}

/** @returns `a` times as many of `values` from `at` on. */
function dot(a: Float32Array, values: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * values[at + i]!;
  return sum;
}

/** @returns the places of the highest values, in falling order. */
function highest(values: Float32Array, wanted: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === wanted && values[i]! <= values[best.at(-1)!]!) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < values[i]!) at--;
    best.splice(at, 0, i);
    if (best.length > wanted) best.pop();
  }
  return best;
}

interface Extent {
  start: number;
  length: number;
}

/** Moved and scaled so that the longer side is 1 and the shorter one lies in the middle. */
function toUnitSquare(points: readonly (readonly number[])[]): Places {
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [x, y] = [extent(xs), extent(ys)];
  const side = Math.max(x.length, y.length) || 1;
  const place = (value: number, { start, length }: Extent) => (value - start + (side - length) / 2) / side;
  return Float32Array.from(points.flatMap((_, i) => [place(xs[i]!, x), place(ys[i]!, y)]));
}

function extent(values: readonly number[]): Extent {
  const start = values.reduce((a, b) => Math.min(a, b));
  return { start, length: values.reduce((a, b) => Math.max(a, b)) - start };
}

/** Numbers in 0..1 that are the same each time (linear congruential, Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
