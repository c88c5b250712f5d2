import { nearestWords, type Vocabulary } from '../vocabulary/vocabulary.js';

/**
 * How often each word is seen in a picture, weighted by how rare it is (Sivic & Zisserman 2003): w_i = n_i / n * idf_i.
 * @param descriptors [count, dimension] row-major. @param idf ln(N / N_i) of each word [words]
 * @returns [words]; zeros without descriptors
 */
export function bagOfWords(descriptors: Float32Array, vocabulary: Vocabulary, idf: Float32Array): Float32Array {
  const found = nearestWords(descriptors, vocabulary);
  const weights = new Float32Array(idf.length);
  for (const word of found) weights[word] = weights[word]! + idf[word]! / found.length;
  return weights;
}

/**
 * @param pictures the words of each. @returns ln((N + 1) / (N_i + 1)) of each word, N_i being the pictures that it is in: as
 * though one more picture had them all, so that a word that is nowhere has a weight too
 */
export function inverseDocumentFrequencies(pictures: readonly Int32Array[], words: number): Float32Array {
  const seenIn = new Float64Array(words);
  for (const found of pictures) for (const word of new Set(found)) seenIn[word] = seenIn[word]! + 1;
  return Float32Array.from(seenIn, (count) => Math.log((pictures.length + 1) / (count + 1)));
}
