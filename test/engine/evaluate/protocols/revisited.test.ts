import { describe, expect, it } from 'vitest';
import { revisited, revisitedGroundTruthSchema } from '../../../../engine/evaluate/protocols/revisited.js';
import { items, judgements } from './items.js';

const groundTruth = revisitedGroundTruthSchema.parse({
  gallery: ['e', 'h', 'j', 'n'],
  queries: [{ id: 'q', label: 'tower', bbox: [10, 20, 110, 70], easy: ['e'], hard: ['h'], junk: ['j'] }],
});
const pictures = items('e', 'h', 'j', 'n', 'q');

describe('revisited Oxford and Paris', () => {
  it.each([
    ['easy', 'q: e - h j'],
    ['medium', 'q: e h - j'],
    ['hard', 'q: h - e j'],
  ] as const)('judges %s', (difficulty, expected) => {
    expect(judgements(revisited(groundTruth, pictures, difficulty))).toEqual([expected]);
  });

  it('crops the query to its box and leaves it out of the gallery', () => {
    const protocol = revisited(groundTruth, pictures, 'medium');
    expect(protocol.queries[0]).toMatchObject({ label: 'tower', region: { x: 10, y: 20, width: 100, height: 50 } });
    expect(protocol.gallery.map(({ id }) => id)).toEqual(['e', 'h', 'j', 'n']);
    expect(protocol.metrics[0]).toBe('ap-trapezoid');
  });

  it('refuses pictures that are not there and empty boxes', () => {
    expect(() => revisited(groundTruth, items('e', 'h', 'j', 'n'), 'easy')).toThrow(
      'expected an id of the listing, got q',
    );
    const [query] = groundTruth.queries;
    const wrong = { ...groundTruth, queries: [{ ...query!, hard: ['q'] }] };
    expect(() => revisited(wrong, pictures, 'easy')).toThrow('expected an id of the ground truth gallery, got q');
    const emptyBox = { ...groundTruth, queries: [{ ...query, bbox: [5, 5, 5, 9] }] };
    expect(revisitedGroundTruthSchema.safeParse(emptyBox).success).toBe(false);
  });
});
