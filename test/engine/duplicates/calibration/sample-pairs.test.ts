import { describe, expect, it } from 'vitest';
import { partOf, samplePairs } from '../../../../engine/duplicates/calibration/sample-pairs.js';
import { seededRandom } from '../../../support/vectors.js';

/** Pictures around a circle, a thousandth of it apart; all hashes are the same. */
function pictures(count: number) {
  const angles = Array.from({ length: count }, (_, row) => (row * Math.PI) / 500);
  return {
    vectors: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
    dimension: 2,
    hashes: angles.map(() => 'f0f0f0f0f0f0f0f0'),
  };
}
const companion = (row: number) => ({ row, vector: Float32Array.of(1, 0), hash: 'f0f0f0f0f0f0f0f1' });
const companions = (rows: number[]) => ({
  nearest: rows.map(companion),
  edits: rows.map((row) => ({ ...companion(row), kind: 'crop' })),
});

describe('samplePairs', () => {
  it('keeps the pictures of each part to themselves', () => {
    const rows = Array.from({ length: 20 }, (_, row) => row);
    const { fit, scale, test } = samplePairs(pictures(20), companions(rows), seededRandom(1));
    expect(rows.map(partOf).filter((part) => part === 'test')).toHaveLength(6);
    // all pairs of 10, 4 and 6 pictures
    expect([fit.random.length, scale.random.length, test.random.length]).toEqual([45, 6, 15]);
    expect([fit.edits.length, scale.nearest.length, test.edits.length]).toEqual([10, 4, 6]);
  });

  it('measures cosine and hash distance with the picture of the row', () => {
    const { fit } = samplePairs(pictures(20), companions([0, 1, 2, 5, 7]), seededRandom(1));
    expect(fit.edits[2]).toMatchObject({ kind: 'crop', hashDistance: 1 });
    expect(fit.edits[2]!.cosine).toBeCloseTo(Math.cos((2 * Math.PI) / 500), 6);
  });

  it('draws pairs of different pictures where there are too many', () => {
    const { fit } = samplePairs(pictures(900), companions([0, 5, 7]), seededRandom(1));
    expect(fit.random).toHaveLength(60_000);
    expect(Math.max(...fit.random.slice(0, 5000).map(({ cosine }) => cosine))).toBeLessThan(0.99999);
  });

  it('refuses a part without pairs', () => {
    expect(() => samplePairs(pictures(20), companions([0, 1]), seededRandom(1))).toThrow(
      expect.objectContaining({ code: 'too_few_images' }) as Error,
    );
  });
});
