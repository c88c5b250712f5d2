import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vlad } from '../../../../engine/classical/global/vlad.js';

const vocabulary = { words: Float32Array.of(0, 0, 10, 0, 0, 10), dimension: 2 };
const root = Math.SQRT1_2;

describe('VLAD', () => {
  it('sums what descriptors differ from their word by, each word at length 1', () => {
    // (1, 0) and (0, 1) fall to the first word, (10, 3) to the second, none to the third
    const vector = vlad(Float32Array.of(1, 0, 10, 3, 0, 1), vocabulary);
    [root, root, 0, 1, 0, 0].forEach((value, i) => expect(vector[i]).toBeCloseTo(value, 6));
  });

  it('is zero without descriptors, and where they are words themselves or cancel out', () => {
    expect([...vlad(new Float32Array(), vocabulary)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...vlad(Float32Array.of(10, 0, 0, 1, 0, -1), vocabulary)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has words of length 0 or 1, whatever the descriptors and in whatever order they come', () => {
    const number = fc.integer({ min: -200, max: 200 }).map((value) => value / 10);
    const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(points, (found) => {
        const vector = vlad(Float32Array.from(found.flat()), vocabulary);
        for (let word = 0; word < 3; word++) {
          const length = Math.hypot(vector[2 * word]!, vector[2 * word + 1]!);
          expect(Math.min(length, Math.abs(length - 1))).toBeLessThan(1e-5);
        }
        const turned = vlad(Float32Array.from([...found].reverse().flat()), vocabulary);
        vector.forEach((value, i) => expect(turned[i]).toBeCloseTo(value, 3));
      }),
    );
  });
});
