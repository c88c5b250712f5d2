import { describe, expect, it } from 'vitest';
import { withoutMean } from '../../../engine/category/domain-means.js';
import { GroupMeans } from '../../../engine/category/group-means.js';

describe('means of groups', () => {
  it('are gathered over pages', () => {
    const means = new GroupMeans(2);
    means.add({ vectors: Float32Array.of(1, 0, 0, 1), groups: Uint32Array.of(0, 1) });
    means.add({ vectors: Float32Array.of(0, 1, 3, 5), groups: Uint32Array.of(0, 0) });
    expect(means.means()).toEqual([
      { mean: [4 / 3, 2], count: 3 },
      { mean: [0, 1], count: 1 },
    ]);
    expect(new GroupMeans(2).means()).toEqual([]);
  });
});

describe('a query without the mean of its domain', () => {
  it('points from the mean to where it was, at length 1', () => {
    const moved = withoutMean(Float32Array.of(0.6, 0.8), [0.6, 0.5]);
    expect(moved[0]).toBeCloseTo(0, 6);
    expect(moved[1]).toBeCloseTo(1, 6);
  });

  it('stays as it is where it is the mean', () => {
    const query = Float32Array.of(0, 1);
    expect(withoutMean(query, [0, 1])).toBe(query);
  });
});
