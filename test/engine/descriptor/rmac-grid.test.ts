import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, rmacGrid } from '../../../engine/descriptor/rmac-grid.js';

const side = fc.integer({ min: 1, max: 40 });

/** Places along one axis, without repeats. */
const places = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

describe('rmacGrid', () => {
  it('is 1 region of side 7, 4 of 4 and 9 of 3 on a map of 7 x 7', () => {
    const grid = rmacGrid(7, 7, 3);
    const ofSide = (width: number) => grid.filter((region) => region.width === width);
    expect(grid.map(({ width }) => width)).toEqual([7, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    expect(places(ofSide(4).map(({ x }) => x))).toEqual([0, 3]);
    expect(places(ofSide(3).map(({ y }) => y))).toEqual([0, 2, 4]);
    expect(grid.every(({ width, height }) => width === height)).toBe(true);
  });

  it.each([
    [24, 24, 14],
    [18, 24, 20],
    [24, 18, 20],
    [7, 20, 32],
  ])('has the published number of regions on %i x %i', (height, width, count) => {
    expect(rmacGrid(height, width, 3)).toHaveLength(count);
  });

  it('covers every cell by its first level, and no region sticks out', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 5 }), (height, width, levels) => {
        const covered = new Set(rmacGrid(height, width, 1).flatMap((region) => cellsOf(region, width)));
        expect(covered.size).toBe(height * width);
        for (const { x, y, width: w, height: h } of rmacGrid(height, width, levels)) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(x + w).toBeLessThanOrEqual(width);
          expect(y + h).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it('is turned when the map is', () => {
    fc.assert(
      fc.property(side, side, (height, width) => {
        const turned = rmacGrid(width, height, 3).map(({ x, y }) => `${y} ${x}`);
        expect(
          rmacGrid(height, width, 3)
            .map(({ x, y }) => `${x} ${y}`)
            .sort(),
        ).toEqual(turned.sort());
      }),
    );
  });

  it('numbers cells row by row', () => {
    expect(cellsOf({ x: 1, y: 2, width: 2, height: 2 }, 5)).toEqual([11, 12, 16, 17]);
  });
});
