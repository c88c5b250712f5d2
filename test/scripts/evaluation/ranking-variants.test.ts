import { describe, expect, it } from 'vitest';
import { rankExactly, type DescribedItem, type RankGallery } from '../../../engine/evaluate/ranking.js';
import { combineRankings, isRankingAxis } from '../../../scripts/evaluation/ranking-variants.js';
import { dot, near, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';

const random = seededRandom(8);
const centre = randomUnit(8, random);
const gallery: DescribedItem[] = Array.from({ length: 40 }, (_, i) => ({
  id: `g${String(i).padStart(2, '0')}`,
  label: '',
  vector: near(centre, 1, random),
}));
/** More points the greater the second coordinate. */
const geometry = {
  inliers: (_: Float32Array, found: readonly Float32Array[]) => Promise.resolve(found.map(inliersOf)),
};
const inliersOf = (vector: Float32Array) => Math.round(20 * vector[1]!);
const combine = (axes: readonly string[]) => combineRankings(axes, geometry);
const rankOf = (...axes: string[]) => combine(axes)[0]!.rank!;

async function ordersOf(rank: RankGallery, queries: DescribedItem[], own: (number | undefined)[]) {
  const orders: number[][] = [];
  for await (const { order } of rank(queries, gallery, own)) orders.push([...order]);
  return orders;
}

describe('a sweep of rankings', () => {
  it('is every combination of its axes', () => {
    expect(combine(['ranking=none,alpha-qe:n=5+mmr', 'dba=0,10']).map(({ name }) => name)).toEqual([
      'dba=0 ranking=none',
      'dba=0 ranking=alpha-qe:n=5+mmr',
      'dba=10 ranking=none',
      'dba=10 ranking=alpha-qe:n=5+mmr',
    ]);
    expect(combine(['ranking=mmr']).map(({ name }) => name)).toEqual(['ranking=mmr']);
    expect(combine([])).toEqual([{ name: '' }]);
    expect(['ranking=mmr', 'dba=1', 'chain=mac'].map(isRankingAxis)).toEqual([true, true, false]);
  });

  it.each(['ranking=magic', 'ranking=', 'ranking=group:field=a', 'dba=-1', 'dba=many'])('refuses %s', (axis) => {
    expect(() => combine([axis])).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
  });

  it('with none is the exact ranking', async () => {
    const queries = gallery.slice(0, 3);
    const exact = [...rankExactly(queries, gallery)].map(({ order }) => [...order]);
    expect(await ordersOf(rankOf('ranking=none'), queries, [undefined, undefined, undefined])).toEqual(exact);
  });

  it("never sees the query's own picture where that does not count", async () => {
    const [query] = gallery;
    const byScore = (vector: Float32Array) =>
      [...gallery.keys()].slice(1).sort((a, b) => dot(vector, gallery[b]!.vector) - dot(vector, gallery[a]!.vector));
    const nearest = byScore(query!.vector).slice(0, 2);
    const expanded = toUnit(
      query!.vector.map((value, i) => nearest.reduce((sum, at) => sum + gallery[at]!.vector[i]!, value)),
    );
    const [order] = await ordersOf(rankOf('ranking=average-qe:n=2'), [query!], [0]);
    expect(order).toEqual(byScore(expanded));
    const [augmented] = await ordersOf(rankOf('dba=3'), [query!], [0]);
    expect([...augmented!].sort((a, b) => a - b)).toEqual([...gallery.keys()].slice(1));
  });

  it('verifies pictures by what their descriptors are of, also where the gallery is augmented', async () => {
    const best = [...gallery.keys()].sort((a, b) => gallery[b]!.vector[1]! - gallery[a]!.vector[1]!)[0];
    for (const axes of [
      ['ranking=geometric:topN=40:minInliers=4'],
      ['ranking=geometric:topN=40:minInliers=4', 'dba=3'],
    ]) {
      const [order] = await ordersOf(rankOf(...axes), gallery.slice(0, 1), [undefined]);
      expect(order![0]).toBe(best);
    }
  });

  it('tells how long each stage took, and scores by the query as it was asked', async () => {
    for await (const { timings, scores } of rankOf('ranking=alpha-qe+mmr')(gallery.slice(0, 1), gallery, [undefined])) {
      expect(Object.keys(timings!)).toEqual(['search', 'alpha-qe', 'mmr']);
      scores.forEach((score, i) => expect(score).toBeCloseTo(dot(gallery[0]!.vector, gallery[i]!.vector), 5));
    }
  });
});
