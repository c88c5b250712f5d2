import { LikenessError } from '../../errors.js';
import type { ClassicalExtractor, VocabularyExtractor } from '../../model/classical-extractor.js';
import type { Pixels } from '../../types.js';
import { SIFT_DIMENSION } from '../sift/describe-point.js';
import { siftFeatures } from '../sift/sift-features.js';
import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { bagOfWords } from './bag-of-words.js';
import { hog } from './hog.js';
import { labHistogram } from './lab-histogram.js';
import { vlad } from './vlad.js';

/** Pixels -> vector for the chain; zeros where there is nothing to describe. */
export type PictureExtractor = (pixels: Pixels) => Float32Array;

/**
 * Turns a manifest's extractor into a function.
 * @param values of the file that it names, where it names one. @throws model_invalid if the file does not fit.
 */
export function compileExtractor(extractor: ClassicalExtractor, values: Float32Array): PictureExtractor {
  switch (extractor.kind) {
    case 'lab-histogram':
      return (pixels) => labHistogram(pixels, extractor.bins);
    case 'hog':
      return (pixels) => hog(pixels, extractor);
    case 'vlad': {
      const vocabulary = readVocabulary(extractor, values, 0);
      return (pixels) => vlad(siftFeatures(pixels, extractor).descriptors, vocabulary);
    }
    case 'bow': {
      const vocabulary = readVocabulary(extractor, values, extractor.words);
      const idf = values.subarray(extractor.words * SIFT_DIMENSION);
      return (pixels) => bagOfWords(siftFeatures(pixels, extractor).descriptors, vocabulary, idf);
    }
  }
}

/** @param more values that the file has behind the words. */
function readVocabulary({ file, words }: VocabularyExtractor, values: Float32Array, more: number): Vocabulary {
  const count = words * SIFT_DIMENSION;
  if (values.length === count + more) return { words: values.subarray(0, count), dimension: SIFT_DIMENSION };
  const expected = `${count + more} values for ${words} words`;
  throw new LikenessError('model_invalid', `${file}: expected ${expected}, got ${values.length}`);
}
