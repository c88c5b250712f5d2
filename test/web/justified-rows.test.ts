import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heightOf, justifiedRows, neighbourAcross, rowsWithin } from '../../server/web/search/justified-rows.js';

describe('a wall of pictures', () => {
  it('fills rows by width: worked by hand', () => {
    // two squares of 100 and a gap of 10 do not fill 300; the third does, at 280 / 3
    const rows = justifiedRows([1, 1, 1, 2], { width: 300, rowHeight: 100, gap: 10 });
    expect(rows.map(({ pictures }) => pictures.map(({ index }) => index))).toEqual([[0, 1, 2], [3]]);
    expect(rows[0]!.height).toBeCloseTo(280 / 3);
    expect(rows[0]!.pictures[2]!.left).toBeCloseTo((2 * 280) / 3 + 20);
    // the last row is not stretched
    expect(rows[1]).toMatchObject({ height: 100, pictures: [{ left: 0, width: 200 }] });
    expect(rows[1]!.top).toBeCloseTo(280 / 3 + 10);
    expect(heightOf(rows)).toBeCloseTo(280 / 3 + 110);
  });

  it('shows every picture once, within the width, no row over another', () => {
    const ratios = fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { maxLength: 80 });
    fc.assert(
      fc.property(ratios, fc.integer({ min: 100, max: 3000 }), (given, width) => {
        const rows = justifiedRows(given, { width, rowHeight: 150, gap: 6 });
        expect(rows.flatMap(({ pictures }) => pictures.map(({ index }) => index))).toEqual([...given.keys()]);
        for (const [i, row] of rows.entries()) {
          const last = row.pictures.at(-1)!;
          expect(last.left + last.width).toBeLessThanOrEqual(width + 0.01);
          expect(row.height).toBeGreaterThan(0);
          expect(row.top).toBeGreaterThanOrEqual(i === 0 ? 0 : heightOf(rows.slice(0, i)));
        }
      }),
    );
  });

  it('knows what is in sight and what lies across', () => {
    const rows = justifiedRows([1, 1, 1, 1, 1, 1], { width: 300, rowHeight: 100, gap: 0 });
    expect(rowsWithin(rows, 110, 120).map(({ top }) => top)).toEqual([100]);
    expect([neighbourAcross(rows, 1, 1), neighbourAcross(rows, 4, -1), neighbourAcross(rows, 1, -1)]).toEqual([
      4, 1, 1,
    ]);
  });
});
