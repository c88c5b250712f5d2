import { describe, expect, it } from 'vitest';
import { fieldGroups, keepBestOfGroups } from '../../../engine/ranking/group.js';

const of = (...values: unknown[]) => values.map((brand, place) => ({ place, metadata: { brand } as never }));
const places = (values: unknown[], limit: number) =>
  keepBestOfGroups(of(...values), fieldGroups(of(...values), 'brand'), limit).map(({ place }) => place);

describe('keepBestOfGroups', () => {
  it('keeps the first of each value, in their order', () => {
    expect(places(['a', 'a', 'b', 'a', 'b', 'c'], 1)).toEqual([0, 2, 5]);
    expect(places(['a', 'a', 'b', 'a', 'b', 'c'], 2)).toEqual([0, 1, 2, 4, 5]);
  });

  it('tells types apart, and never groups what has no value', () => {
    expect(places([1, '1', true, undefined, null, undefined, ['a'], ['a']], 1)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
