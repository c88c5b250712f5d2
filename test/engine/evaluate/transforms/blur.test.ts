import { describe, expect, it } from 'vitest';
import { blur, gaussianKernel } from '../../../../engine/evaluate/transforms/blur.js';
import { greyPicture, redRows, row, values } from './pixels.js';

describe('blur', () => {
  it('weights fall off as a bell and sum to 1', () => {
    // sigma 1: radius 3; neighbour / middle = exp(-1/2)
    const kernel = gaussianKernel(1);
    expect(kernel).toHaveLength(7);
    expect(kernel[2]! / kernel[3]!).toBeCloseTo(Math.exp(-0.5), 12);
    expect(kernel[0]).toBe(kernel[6]);
    expect(kernel.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect([...gaussianKernel(0)]).toEqual([1]);
  });

  it('spreads a bright dot by the product of the weights, the same along rows and columns', async () => {
    const picture = greyPicture(
      ...Array.from({ length: 9 }, (_, y) => Array.from({ length: 9 }, (_, x) => (x === 4 && y === 4 ? 250 : 0))),
    );
    const rows = await redRows(blur('b', 1 / 9), picture);
    const [middle, side] = [gaussianKernel(1)[3]!, gaussianKernel(1)[2]!];
    expect(rows[4]![4]).toBe(Math.round(250 * middle * middle));
    expect(rows[4]![3]).toBe(Math.round(250 * middle * side));
    expect(rows[3]![4]).toBe(Math.round(250 * middle * side));
    expect(rows[0]![4]).toBe(0);
  });

  it('keeps flat pictures flat up to the border and channels apart', async () => {
    expect(await values(blur('b', 1), row([10, 20, 30], [10, 20, 30]))).toEqual([10, 20, 30, 10, 20, 30]);
  });
});
