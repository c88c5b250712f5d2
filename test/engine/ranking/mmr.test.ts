import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mmrScores } from '../../../engine/ranking/mmr.js';
import { dot, randomUnit, seededRandom } from '../../support/vectors.js';

const flat = (vectors: Float32Array[]) => Float32Array.from(vectors.flatMap((vector) => [...vector]));

/** The definition, without keeping anything from one step to the next. */
function byDefinition(vectors: Float32Array[], relevance: number[], lambda: number): number[] {
  const taken: number[] = [];
  const scores: number[] = [];
  while (taken.length < vectors.length) {
    let best = -1;
    for (const i of vectors.keys()) {
      if (taken.includes(i)) continue;
      const nearest = taken.length === 0 ? 0 : Math.max(...taken.map((j) => dot(vectors[i]!, vectors[j]!)));
      scores[i] = lambda * relevance[i]! - (1 - lambda) * nearest;
      if (best === -1 || scores[i] > scores[best]!) best = i;
    }
    taken.push(best);
  }
  return scores;
}

describe('mmrScores', () => {
  it('takes the second of two equals last', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const scores = mmrScores(flat([a, a, b]), Float32Array.of(0.9, 0.9, 0.5), 0.5);
    expect(Array.from(scores)).toEqual([0.45, -0.05, 0.25].map((value) => expect.closeTo(value, 6) as number));
  });

  it('is its definition', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, n, lambda) => {
          const random = seededRandom(seed);
          const vectors = Array.from({ length: n }, () => randomUnit(5, random));
          const relevance = Float32Array.from(vectors, () => random());
          const expected = byDefinition(vectors, [...relevance], lambda);
          const found = mmrScores(flat(vectors), relevance, lambda);
          found.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 5));
        },
      ),
      { numRuns: 50 },
    );
  });
});
