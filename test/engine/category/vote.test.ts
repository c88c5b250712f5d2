import { describe, expect, it } from 'vitest';
import { labelOf } from '../../../engine/category/label.js';
import { voteOfNeighbours } from '../../../engine/category/vote.js';

describe('the vote of neighbours', () => {
  it('weighs each by exp(score / temperature)', () => {
    // weights relative to the best: 1, 1/2, 1/4; a: 1 + 1/4, b: 1/2, of 7/4
    const temperature = 0.1 / Math.log(2);
    const neighbours = [
      { label: 'a', score: 0.9 },
      { label: 'b', score: 0.8 },
      { label: 'a', score: 0.7 },
    ];
    const shares = voteOfNeighbours(neighbours, temperature);
    expect(shares.get('a')).toBeCloseTo(5 / 7, 12);
    expect(shares.get('b')).toBeCloseTo(2 / 7, 12);
  });

  it('gives nothing to anybody without neighbours, and stays finite where scores are far apart', () => {
    expect(voteOfNeighbours([], 0.1).size).toBe(0);
    const shares = voteOfNeighbours(
      [
        { label: 1, score: 1 },
        { label: true, score: -1 },
      ],
      1e-4,
    );
    expect([...shares]).toEqual([
      [1, 1],
      [true, 0],
    ]);
  });

  it('keeps values of different types apart', () => {
    const shares = voteOfNeighbours(
      [
        { label: 5, score: 0 },
        { label: '5', score: 0 },
      ],
      1,
    );
    expect([...shares]).toEqual([
      [5, 0.5],
      ['5', 0.5],
    ]);
  });
});

describe('the label of metadata', () => {
  it('is a string, number or boolean of a field', () => {
    const metadata = { kind: 'shoe', size: 42, sold: false, tags: ['a'], maker: { name: 'x' }, none: null };
    const labels = [...Object.keys(metadata), 'missing'].map((field) => labelOf(metadata, field));
    expect(labels).toEqual(['shoe', 42, false, undefined, undefined, undefined, undefined]);
  });
});
