import type { ClassicalExtractor } from '../../model/classical-extractor.js';
import { SIFT_DIMENSION } from '../sift/describe-point.js';
import { hogDimension } from './hog.js';

/** @returns the length of the vector that an extractor makes, before the chain. */
export function extractorDimension(extractor: ClassicalExtractor): number {
  switch (extractor.kind) {
    case 'lab-histogram':
      return extractor.bins.reduce((product, count) => product * count, 1);
    case 'hog':
      return hogDimension(extractor);
    case 'vlad':
      return extractor.words * SIFT_DIMENSION;
    case 'bow':
      return extractor.words;
  }
}
