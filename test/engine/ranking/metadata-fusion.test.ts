import { describe, expect, it } from 'vitest';
import { metadataScores } from '../../../engine/ranking/metadata-fusion.js';
import type { Metadata } from '../../../engine/types.js';

const candidate = (score: number, metadata: Metadata) => ({ id: 'x', node: 1, score, similarity: score, metadata });
const scoresOf = (weights: Record<string, number>, all: Metadata[]) =>
  Array.from(
    metadataScores(
      all.map((metadata) => candidate(0.5, metadata)),
      weights,
    ),
  );

describe('metadataScores', () => {
  it('adds the weight times the place in the range', () => {
    expect(scoresOf({ sales: 0.2 }, [{ sales: 10 }, { sales: 20 }, { sales: 30 }])).toEqual([0.5, 0.6, 0.7]);
  });

  it('gives what has no number the worse end', () => {
    expect(scoresOf({ sales: 0.2 }, [{ sales: 10 }, { sales: 30 }, {}, { sales: '99' }])).toEqual([0.5, 0.7, 0.5, 0.5]);
    expect(scoresOf({ price: -0.2 }, [{ price: 10 }, { price: 30 }, {}])).toEqual([0.5, 0.3, 0.3]);
  });

  it('adds nothing where all have the same, or nobody has the field', () => {
    expect(scoresOf({ sales: 1 }, [{ sales: 7 }, { sales: 7 }])).toEqual([0.5, 0.5]);
    expect(scoresOf({ sales: 1 }, [{}, {}])).toEqual([0.5, 0.5]);
  });

  it('adds to what an earlier stage gave', () => {
    const ranked = { ...candidate(0.5, { sales: 1 }), rankScore: 0.9 };
    expect(Array.from(metadataScores([ranked, candidate(0.5, { sales: 0 })], { sales: 0.1 }))).toEqual([1, 0.5]);
  });
});
