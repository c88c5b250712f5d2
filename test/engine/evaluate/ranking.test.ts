import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descendingOrder, rankExactly, type DescribedItem } from '../../../engine/evaluate/ranking.js';

const item = (id: string, ...vector: number[]): DescribedItem => ({ id, label: '', vector: Float32Array.from(vector) });
const idsOf = (queries: DescribedItem[], gallery: DescribedItem[]) =>
  [...rankExactly(queries, gallery)].map(({ order }) =>
    Array.from(order, (position) => gallery[position]!.id).join(' '),
  );

describe('rankExactly', () => {
  const gallery = [item('far', -1, 0), item('near', 0.8, 0.6), item('same', 1, 0), item('across', 0, 1)];

  it('orders the whole gallery by dot product', () => {
    expect(idsOf([item('q', 1, 0), item('r', 0, 1)], gallery)).toEqual([
      'same near across far',
      'across near far same',
    ]);
  });

  it('gives scores by gallery position', () => {
    const [ranking] = rankExactly([item('q', 1, 0)], gallery);
    expect(ranking!.query).toBe(0);
    expect([...ranking!.scores]).toEqual([-1, Math.fround(0.8), 1, 0]);
  });

  it('orders equal scores by id, whatever the order of the gallery', () => {
    const equal = ['b', 'a', 'd', 'c'].map((id) => item(id, 0.5, 0.5));
    expect(idsOf([item('q', 1, 0)], equal)).toEqual(['a b c d']);
    expect(idsOf([item('q', 0, 0)], [item('b', -1, 0), item('a', 1, 0)])).toEqual(['a b']);
  });

  it('agrees with a plain sort, over more queries than a block and any dimension', () => {
    const number = fc.integer({ min: -8, max: 8 });
    const vectors = (length: number, max: number) =>
      fc.array(fc.array(number, { minLength: length, maxLength: length }), { minLength: 1, maxLength: max });
    const scene = fc.integer({ min: 1, max: 9 }).chain((d) => fc.tuple(vectors(d, 40), vectors(d, 20)));
    fc.assert(
      fc.property(scene, ([queryVectors, galleryVectors]) => {
        const pictures = galleryVectors.map((vector, i) => item(`g${(i * 7) % 100}`, ...vector));
        const expected = queryVectors.map((query) => {
          const score = ({ vector }: DescribedItem) => vector.reduce((sum, value, i) => sum + value * query[i]!, 0);
          const sorted = [...pictures].sort((a, b) => score(b) - score(a) || (a.id < b.id ? -1 : 1));
          return sorted.map(({ id }) => id).join(' ');
        });
        expect(
          idsOf(
            queryVectors.map((vector) => item('q', ...vector)),
            pictures,
          ),
        ).toEqual(expected);
      }),
    );
  });

  it('refuses what it cannot rank', () => {
    const code = (queries: DescribedItem[], pictures: DescribedItem[]) => () => [...rankExactly(queries, pictures)];
    expect(code([item('q', 1)], gallery)).toThrow(expect.objectContaining({ code: 'dimension_mismatch' }));
    expect(code([item('q', 1, NaN)], gallery)).toThrow(expect.objectContaining({ code: 'invalid_descriptor' }));
    expect(code([item('q', 1)], [item('a', 1), item('a', 2)])).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

describe('descendingOrder', () => {
  it('orders any floats, equal ones by position, 0 and -0 alike', () => {
    const scores = Float32Array.of(-0, 3.5, 0, -2, 3.5, 1e-40, -1e-40, 3e38, -3e38);
    expect([...descendingOrder(scores)]).toEqual([7, 1, 4, 5, 0, 2, 6, 3, 8]);
  });
});
