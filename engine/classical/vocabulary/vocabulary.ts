import { dotOf } from '../dot.js';

/** Means that local descriptors fall to. */
export interface Vocabulary {
  /** [count, dimension] row-major. */
  words: Float32Array;
  dimension: number;
}

/** @param descriptors [count, dimension] row-major. @returns the nearest word of each (Euclid); the first of equally near ones */
export function nearestWords(descriptors: Float32Array, vocabulary: Vocabulary): Int32Array {
  const { words, dimension } = vocabulary;
  const halves = halfSquares(vocabulary);
  const nearest = new Int32Array(descriptors.length / dimension);
  for (let row = 0; row < nearest.length; row++) {
    const at = row * dimension;
    let [best, greatest] = [0, -Infinity];
    for (let word = 0; word < halves.length; word++) {
      // |x - c|^2 = |x|^2 - 2 (x . c - |c|^2 / 2): the least distance is the greatest bracket
      const closeness = dotOf(descriptors, at, words, word * dimension, dimension) - halves[word]!;
      if (closeness > greatest) [best, greatest] = [word, closeness];
    }
    nearest[row] = best;
  }
  return nearest;
}

/** @returns |c|^2 / 2 of each word. */
function halfSquares({ words, dimension }: Vocabulary): Float64Array {
  const halves = new Float64Array(words.length / dimension);
  for (let word = 0; word < halves.length; word++)
    halves[word] = dotOf(words, word * dimension, words, word * dimension, dimension) / 2;
  return halves;
}
