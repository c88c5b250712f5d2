import { nearestWords, type Vocabulary } from '../vocabulary/vocabulary.js';

/**
 * Vector of locally aggregated descriptors (Jegou et al. 2010): for each word the sum of what its descriptors differ from it
 * by, V_c = sum (x - c), brought to length 1 by itself (intra-normalisation, Arandjelovic & Zisserman 2013), so that a word that
 * repeats does not outweigh all others.
 * @param descriptors [count, dimension] row-major
 * @returns [words, dimension]; zeros where a word has no descriptor, as all are without descriptors
 */
export function vlad(descriptors: Float32Array, vocabulary: Vocabulary): Float32Array {
  const { words, dimension } = vocabulary;
  const sums = new Float64Array(words.length);
  nearestWords(descriptors, vocabulary).forEach((word, row) => {
    for (let i = 0; i < dimension; i++) {
      const at = word * dimension + i;
      sums[at] = sums[at]! + descriptors[row * dimension + i]! - words[at]!;
    }
  });
  for (let start = 0; start < sums.length; start += dimension) toUnit(sums.subarray(start, start + dimension));
  return Float32Array.from(sums);
}

/** What is no longer than rounding stays 0: the only descriptor of a word that was made of it. */
function toUnit(cell: Float64Array): void {
  const norm = Math.hypot(...cell);
  const scale = norm < 1e-6 ? 0 : 1 / norm;
  for (let i = 0; i < cell.length; i++) cell[i] = cell[i]! * scale;
}
