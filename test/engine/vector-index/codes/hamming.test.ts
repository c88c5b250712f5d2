import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hammingDistance } from '../../../../engine/vector-index/codes/hamming.js';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const ones = (number: number) => number.toString(2).replaceAll('0', '').length;

describe('hammingDistance', () => {
  it('is worked by hand, at an offset', () => {
    const codes = Uint32Array.of(9, 9, 0b1011, 0x80000001);
    expect(hammingDistance(Uint32Array.of(0b0110, 0), codes, 2)).toBe(3 + 2);
  });

  it('counts every bit where all differ', () => {
    expect(hammingDistance(new Uint32Array(64), new Uint32Array(64).fill(2 ** 32 - 1), 0)).toBe(64 * 32);
  });

  it('is the number of ones of the exclusive or', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, word), { minLength: 1, maxLength: 9 }), (pairs) => {
        const a = Uint32Array.from(pairs.flatMap(([x, , z]) => [x, z]));
        const b = Uint32Array.from(pairs.flatMap(([, y, , w]) => [y, w]));
        const expected = a.reduce((sum, value, i) => sum + ones((value ^ b[i]!) >>> 0), 0);
        expect(hammingDistance(a, b, 0)).toBe(expected);
      }),
    );
  });
});
