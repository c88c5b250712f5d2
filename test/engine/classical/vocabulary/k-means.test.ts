import { describe, expect, it } from 'vitest';
import { kMeans } from '../../../../engine/classical/vocabulary/k-means.js';
import { nearestWords } from '../../../../engine/classical/vocabulary/vocabulary.js';
import { seededRandom } from '../../../support/vectors.js';

const options = { words: 2, seed: 1, rounds: 20 };
const sorted = (words: Float32Array) => [...words].sort((a, b) => a - b);

describe('k-means', () => {
  it('ends in the means of the clusters, whatever it starts from', () => {
    // means of {0, 1, 2} and {10, 12}
    for (let seed = 0; seed < 20; seed++)
      expect(sorted(kMeans(Float32Array.of(0, 10, 1, 12, 2), 1, { ...options, seed }).words)).toEqual([1, 11]);
  });

  it('finds planted clusters in the plane, the same each time', () => {
    const random = seededRandom(2);
    const centres = [
      [0, 0],
      [10, 0],
      [0, 10],
      [10, 10],
    ];
    const rows = Float32Array.from(
      Array.from({ length: 400 }, (_, i) => centres[i % 4]!.map((value) => value + random() - 0.5)).flat(),
    );
    const found = kMeans(rows, 2, { ...options, words: 4 });
    expect(kMeans(rows, 2, { ...options, words: 4 })).toEqual(found);
    const words = nearestWords(rows, found);
    for (let i = 4; i < 400; i++) expect(words[i]).toBe(words[i % 4]);
    expect(new Set(words).size).toBe(4);
  });

  it('gives a mean of its own to each distinct row where there are as many', () => {
    for (let seed = 0; seed < 10; seed++)
      expect(sorted(kMeans(Float32Array.of(5, 7, 1, 9), 1, { ...options, words: 4, seed }).words)).toEqual([
        1, 5, 7, 9,
      ]);
    // two different rows and three means
    expect(new Set(kMeans(Float32Array.of(4, 4, 8, 8), 1, { ...options, words: 3 }).words)).toEqual(new Set([4, 8]));
  });

  it('never makes the sum of squared distances larger', () => {
    const random = seededRandom(7);
    const rows = Float32Array.from({ length: 3 * 200 }, () => random());
    const cost = (rounds: number) => {
      const { words, dimension } = kMeans(rows, 3, { words: 8, seed: 3, rounds });
      return nearestWords(rows, { words, dimension }).reduce((sum, word, row) => {
        for (let i = 0; i < 3; i++) sum += (rows[3 * row + i]! - words[3 * word + i]!) ** 2;
        return sum;
      }, 0);
    };
    const costs = [0, 1, 2, 4, 8, 16].map(cost);
    costs.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(costs[i]! + 1e-6));
    expect(costs.at(-1)).toBeLessThan(0.9 * costs[0]!);
  });
});
