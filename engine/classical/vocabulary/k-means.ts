import { dotOf } from '../dot.js';
import { seededRandom } from '../../seeded-random.js';
import { nearestWords, type Vocabulary } from './vocabulary.js';

export interface KMeansOptions {
  /** k; at most as many as there are different rows. */
  words: number;
  seed: number;
  /** Rounds of Lloyd's at most; it ends before where no row moves. */
  rounds: number;
}

/**
 * k-means (Lloyd 1982), started by k-means++ (Arthur & Vassilvitskii 2007): each first mean is a row, drawn by its squared
 * distance from those before. A mean that loses all its rows is put where the farthest row lies. The same seed gives the
 * same means.
 * @param rows [count, dimension] row-major, count at least `words`
 */
export function kMeans(rows: Float32Array, dimension: number, options: KMeansOptions): Vocabulary {
  let vocabulary = { words: firstMeans(rows, dimension, options), dimension };
  let before: Int32Array = new Int32Array();
  for (let round = 0; round < options.rounds; round++) {
    const nearest = nearestWords(rows, vocabulary);
    if (before.length > 0 && nearest.every((word, row) => word === before[row])) break;
    vocabulary = { words: meansOf(rows, nearest, vocabulary), dimension };
    before = nearest;
  }
  return vocabulary;
}

function firstMeans(rows: Float32Array, dimension: number, { words, seed }: KMeansOptions): Float32Array {
  const random = seededRandom(seed);
  const count = rows.length / dimension;
  const means = new Float32Array(words * dimension);
  const squares = Float64Array.from({ length: count }, (_, row) => dotOfRows(rows, row, rows, row, dimension));
  const distances = new Float64Array(count).fill(Infinity);
  let chosen = Math.floor(random() * count);
  for (let word = 0; word < words; word++) {
    means.set(rows.subarray(chosen * dimension, (chosen + 1) * dimension), word * dimension);
    for (let row = 0; row < count; row++) {
      const distance = squares[row]! + squares[chosen]! - 2 * dotOfRows(rows, row, means, word, dimension);
      distances[row] = Math.max(0, Math.min(distances[row]!, distance));
    }
    chosen = drawByWeight(distances, random());
  }
  return means;
}

/** @param share in [0, 1) of the weights' sum. @returns the position at which the sum passes it; the last if all are 0. */
function drawByWeight(weights: Float64Array, share: number): number {
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function meansOf(rows: Float32Array, nearest: Int32Array, { words, dimension }: Vocabulary): Float32Array {
  const sums = new Float64Array(words.length);
  const counts = new Float64Array(words.length / dimension);
  nearest.forEach((word, row) => {
    counts[word] = counts[word]! + 1;
    for (let i = 0; i < dimension; i++)
      sums[word * dimension + i] = sums[word * dimension + i]! + rows[row * dimension + i]!;
  });
  const means = Float32Array.from(sums, (sum, at) => sum / counts[Math.floor(at / dimension)]!);
  const far = byDistance(rows, nearest, { words, dimension });
  counts.forEach((count, word) => {
    if (count > 0) return;
    const row = far()!;
    means.set(rows.subarray(row * dimension, (row + 1) * dimension), word * dimension);
  });
  return means;
}

/** @returns a function that gives the row farthest from its mean, then the next; nothing is sorted unless it is asked. */
function byDistance(
  rows: Float32Array,
  nearest: Int32Array,
  { words, dimension }: Vocabulary,
): () => number | undefined {
  let order: number[] | undefined;
  return () => {
    order ??= Array.from(nearest, (word, row) => ({
      row,
      distance: squaredDistance(rows, row, words, word, dimension),
    }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ row }) => row);
    return order.pop();
  };
}

function squaredDistance(a: Float32Array, row: number, b: Float32Array, word: number, dimension: number): number {
  const squares = dotOfRows(a, row, a, row, dimension) + dotOfRows(b, word, b, word, dimension);
  return Math.max(0, squares - 2 * dotOfRows(a, row, b, word, dimension));
}

function dotOfRows(a: Float32Array, row: number, b: Float32Array, other: number, dimension: number): number {
  return dotOf(a, row * dimension, b, other * dimension, dimension);
}
