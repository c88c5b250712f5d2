import { describe, expect, it } from 'vitest';
import { components, type Grid } from '../../../engine/regions/components.js';
import { explainedShare } from '../../../engine/regions/explained-share.js';
import { salientBoxes } from '../../../engine/regions/salient-boxes.js';

/** @returns a grid of digits, a line a row. */
function grid(...rows: string[]): Grid {
  return { height: rows.length, width: rows[0]!.length, data: Float32Array.from(rows.join(''), Number) };
}

describe('components', () => {
  it('are cells that touch by their sides, in reading order', () => {
    const found = components(grid('1100', '0010', '0010', '1000'), 1);
    expect(found).toEqual([
      { left: 0, top: 0, right: 2, bottom: 1, cells: 2 },
      { left: 2, top: 1, right: 3, bottom: 3, cells: 2 },
      { left: 0, top: 3, right: 1, bottom: 4, cells: 1 },
    ]);
  });

  it('do not run on from the end of a row to the next', () => {
    expect(components(grid('0001', '1000'), 1)).toHaveLength(2);
  });

  it('are one round a hole, and none where nothing reaches the threshold', () => {
    const ring = grid('555', '505', '555');
    expect(components(ring, 5)).toEqual([{ left: 0, top: 0, right: 3, bottom: 3, cells: 8 }]);
    expect(components(ring, 6)).toEqual([]);
  });
});

describe('explainedShare', () => {
  const box = { left: 0, top: 0, right: 2, bottom: 1 };

  it('is 1 where the box holds all that differs, and less where it holds more or less', () => {
    const map = grid('8800', '0000');
    expect(explainedShare(map, box)).toBeCloseTo(1, 12);
    // variance 12: mean 2, squares 128/8 = 16. inside: f = 3/8, means 16/3 and 0: 15/64 * 256/9 / 12 = 5/9
    expect(explainedShare(map, { ...box, right: 3 })).toBeCloseTo(5 / 9, 12);
    // f = 1/8, means 8 and 8/7: 7/64 * (48/7)^2 / 12 = 3/7
    expect(explainedShare(map, { ...box, right: 1 })).toBeCloseTo(3 / 7, 12);
  });

  it('is 0 for the whole map, for what is darker, and where all is alike', () => {
    expect(explainedShare(grid('8800', '0000'), { left: 0, top: 0, right: 4, bottom: 2 })).toBe(0);
    expect(explainedShare(grid('0088', '8888'), box)).toBe(0);
    expect(explainedShare(grid('3333', '3333'), box)).toBe(0);
  });
});

describe('salientBoxes', () => {
  it('finds a bright part, in fractions of the picture', () => {
    const [found, ...others] = salientBoxes(grid('00000000', '00099000', '00099000', '00000000'));
    expect(found).toEqual({
      left: 3 / 8,
      top: 1 / 4,
      right: 5 / 8,
      bottom: 3 / 4,
      score: expect.closeTo(1, 10) as number,
    });
    expect(others).toEqual([]);
  });

  it('finds two apart from each other, the one that explains more first', () => {
    const found = salientBoxes(grid('0000000000', '0880000000', '0880009990', '0000009990', '0000000000'));
    expect(found.map(({ left, top, right, bottom }) => [left * 10, top * 5, right * 10, bottom * 5])).toEqual(
      [
        [6, 2, 9, 4],
        [1, 1, 3, 3],
      ].map((edges) => edges.map((edge) => expect.closeTo(edge, 10) as number)),
    );
  });

  it('takes the level at which a subject stands out best', () => {
    // the rim of 3 passes the level of 0.3; the core of 9 alone explains more than both together
    const [best] = salientBoxes(grid('000000', '033330', '039930', '039930', '033330', '000000'));
    expect([best!.left * 6, best!.right * 6]).toEqual([2, 4]);
  });

  it('finds nothing where all is alike, and passes over single cells', () => {
    expect(salientBoxes(grid('5555', '5555'))).toEqual([]);
    expect(salientBoxes(grid('00000', '00900', '00000'))).toEqual([]);
  });
});
