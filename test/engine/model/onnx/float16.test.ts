import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float16ToNumber, numberToFloat16 } from '../../../../engine/model/onnx/float16.js';

describe('float16', () => {
  it('gives back the bits of every half', () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const value = float16ToNumber(bits);
      if (Number.isNaN(value)) continue;
      expect(numberToFloat16(value)).toBe(bits);
    }
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_519.9, 0x7bff],
    [65_520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000], // half of the smallest: a tie, to even
    [1.5 * 2 ** -24, 0x0002],
    [1 + 2 ** -11, 0x3c00], // a tie between 1 and the next, to even
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 - 2 ** -30, 0x3c00], // rounds up to the next power of two, in float32 too
  ])('%d is %i', (value, bits) => {
    expect(numberToFloat16(value)).toBe(bits);
  });

  it('keeps NaN', () => {
    expect(float16ToNumber(numberToFloat16(NaN))).toBeNaN();
  });

  it('is never further from a number than the halves beside its own', () => {
    fc.assert(
      fc.property(fc.double({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const bits = numberToFloat16(value);
        const gap = Math.abs(float16ToNumber(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          expect(gap).toBeLessThanOrEqual(Math.abs(float16ToNumber(neighbour & 0xffff) - value) || Infinity);
        }
      }),
    );
  });
});
