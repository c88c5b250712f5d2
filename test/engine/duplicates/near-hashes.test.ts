import { describe, expect, it } from 'vitest';
import { nearHashes } from '../../../engine/duplicates/near-hashes.js';
import { hashDistance } from '../../../engine/duplicates/perceptual-hash.js';
import { seededRandom } from '../../support/vectors.js';

/** Hashes in clusters: a random one, then copies of it with a few bits flipped. */
function clusteredHashes(random: () => number): string[] {
  const digits = () => Array.from({ length: 16 }, () => Math.floor(random() * 16));
  return Array.from({ length: 20 }, digits).flatMap((centre) =>
    Array.from({ length: 8 }, () => {
      const flipped = [...centre];
      for (let flips = Math.floor(random() * 8); flips > 0; flips--)
        flipped[Math.floor(random() * 16)]! ^= 1 << Math.floor(random() * 4);
      return flipped.map((digit) => digit.toString(16)).join('');
    }),
  );
}

describe('nearHashes', () => {
  it.each([0, 1, 3, 6, 10])('finds exactly the pairs that comparing each with each finds, up to %i bits', (most) => {
    const hashes = clusteredHashes(seededRandom(most + 1));
    const expected = hashes.flatMap((one, a) =>
      hashes.flatMap((other, b) => {
        const distance = hashDistance(one, other);
        return a < b && distance <= most ? [{ a, b, distance }] : [];
      }),
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(nearHashes(hashes, most)).toEqual(expected);
  });

  it('finds nothing among none', () => {
    expect(nearHashes([], 3)).toEqual([]);
  });
});
