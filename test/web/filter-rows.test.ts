import { describe, expect, it } from 'vitest';
import { toFilter, toRows, withRow, type FilterRow } from '../../server/web/filter/filter-rows.js';

const ROWS: FilterRow[] = [
  { field: 'kind', kind: 'values', values: ['mug', 'cup'] },
  { field: 'sale', kind: 'values', values: [false] },
  { field: 'price', kind: 'range', min: 5, max: 20 },
  { field: 'year', kind: 'range', max: -1 },
];

describe('the rows of a filter', () => {
  it('are the filter, and come back from it', () => {
    const filter = { kind: { in: ['mug', 'cup'] }, sale: false, price: { gte: 5, lte: 20 }, year: { lte: -1 } };
    expect(toFilter(ROWS)).toEqual(filter);
    expect(toRows(filter)).toEqual(ROWS);
    expect([toFilter([]), toRows(undefined)]).toEqual([undefined, []]);
  });

  it('are replaced by field, and left out where they ask for nothing', () => {
    const changed = withRow(ROWS, { field: 'price', kind: 'range', min: 7 });
    expect(changed.at(-1)).toEqual({ field: 'price', kind: 'range', min: 7 });
    expect(changed).toHaveLength(4);
    expect(withRow(ROWS, { field: 'kind', kind: 'values', values: [] })).toEqual(ROWS.slice(1));
    expect(withRow(ROWS, { field: 'year', kind: 'range' })).toHaveLength(3);
  });

  it.each([
    [{ $or: [{ a: 1 }] }],
    [{ a: { ne: 1 } }],
    [{ a: { in: ['x'], gte: 1 } }],
    [{ a: { gte: 'x' } }],
    [{ a: null }],
    [[1]],
  ])('are none of a filter that was written elsewhere: %j', (filter) => {
    expect(toRows(filter)).toBeUndefined();
  });
});
