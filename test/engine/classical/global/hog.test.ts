import { describe, expect, it } from 'vitest';
import { hog, hogDimension } from '../../../../engine/classical/global/hog.js';

const SIDE = 32;

function picture(grey: (x: number, y: number) => number) {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) data.fill(grey(x, y), 3 * (y * SIDE + x), 3 * (y * SIDE + x) + 3);
  return { width: SIDE, height: SIDE, data };
}

describe('histograms of oriented gradients', () => {
  it('are blocks of 2 x 2 cells at each place', () => {
    expect(hogDimension({ cells: 8, directions: 9 })).toBe(7 * 7 * 36);
    expect(
      hog(
        picture(() => 0),
        { cells: 3, directions: 4 },
      ),
    ).toHaveLength(2 * 2 * 16);
  });

  it('see a ramp to the right in the two directions next to 0, and nothing in what is plain', () => {
    const ramp = hog(
      picture((x) => 4 * x),
      { cells: 2, directions: 4 },
    );
    // middles of the directions lie at pi/8, 3 pi/8, ..: 0 is half way between the first and the last; four cells, all alike
    const half = 1 / Math.sqrt(8);
    for (let cell = 0; cell < 4; cell++) {
      const [first, second, third, last] = ramp.subarray(4 * cell, 4 * cell + 4);
      expect(first).toBeCloseTo(half, 2);
      expect(last).toBeCloseTo(half, 2);
      expect([second, third]).toEqual([0, 0]);
    }
    expect(
      hog(
        picture(() => 90),
        { cells: 4, directions: 9 },
      ).every((value) => value === 0),
    ).toBe(true);
  });

  it('take a gradient and its opposite for one', () => {
    const options = { cells: 4, directions: 9 };
    const [up, down] = [
      hog(
        picture((x, y) => 4 * x + y),
        options,
      ),
      hog(
        picture((x, y) => 255 - 4 * x - y),
        options,
      ),
    ];
    expect(Math.max(...up.map((value, i) => Math.abs(value - down[i]!)))).toBeLessThan(1e-4);
  });

  it('do not count what is transparent', () => {
    const mask = new Uint8Array(SIDE * SIDE).fill(255, (SIDE * SIDE) / 2);
    const seen = hog({ ...picture((x) => 4 * x), mask }, { cells: 2, directions: 4 });
    expect(Math.max(...seen.subarray(0, 8))).toBe(0);
    expect(Math.max(...seen.subarray(8))).toBeGreaterThan(0.4);
  });
});
