import { describe, expect, it } from 'vitest';
import { bagOfWords, inverseDocumentFrequencies } from '../../../../engine/classical/global/bag-of-words.js';
import { nearestWords } from '../../../../engine/classical/vocabulary/vocabulary.js';

const vocabulary = { words: Float32Array.of(0, 0, 10, 0, 0, 10), dimension: 2 };

describe('bag of words', () => {
  it('is the share of each word times how rare it is', () => {
    const descriptors = Float32Array.of(1, 1, 9, 1, 8, 0, -1, 0);
    expect([...nearestWords(descriptors, vocabulary)]).toEqual([0, 1, 1, 0]);
    expect([...bagOfWords(descriptors, vocabulary, Float32Array.of(0.5, 2, 9))]).toEqual([0.25, 1, 0]);
    expect([...bagOfWords(new Float32Array(), vocabulary, Float32Array.of(1, 1, 1))]).toEqual([0, 0, 0]);
  });

  it('weighs words by the pictures that have them', () => {
    const idf = inverseDocumentFrequencies([Int32Array.of(0, 0, 1), Int32Array.of(0), Int32Array.of(0, 1)], 3);
    // N = 3: ln(4 / 4), ln(4 / 3), ln(4 / 1)
    [0, Math.log(4 / 3), Math.log(4)].forEach((value, i) => expect(idf[i]).toBeCloseTo(value, 6));
  });
});
