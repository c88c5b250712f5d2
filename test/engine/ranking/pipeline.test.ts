import { describe, expect, it } from 'vitest';
import { rankCandidates } from '../../../engine/ranking/pipeline.js';
import { rankingSchema } from '../../../engine/ranking/ranking-stage.js';
import { dot, near, randomUnit, seededRandom, toUnit } from '../../support/vectors.js';
import { memoryPorts, type MemoryImage } from './memory-ports.js';

const random = seededRandom(3);
const query = randomUnit(16, random);
const images: MemoryImage[] = Array.from({ length: 300 }, (_, i) => ({
  id: `i${String(i).padStart(3, '0')}`,
  vector: i % 2 === 0 ? near(query, 1.5, random) : randomUnit(16, random),
  metadata: { shop: `shop${i % 7}`, sales: i },
}));

async function rank(ranking: object[], count = 20, all = images) {
  const { ports, searches } = memoryPorts(all, query);
  const stages = rankingSchema.parse(ranking);
  const found = await rankCandidates({ query, stages, count, maxCount: 1000 }, ports);
  return { ...found, searches, ids: found.candidates.map(({ id }) => id) };
}

function exactOrder(vector: Float32Array, all = images): string[] {
  const scored = all.map(({ id, vector: own }) => ({ id, score: dot(vector, own) }));
  return scored.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

describe('rankCandidates', () => {
  it('without stages is the search, and nothing more', async () => {
    const found = await rank([]);
    expect(found.ids).toEqual(exactOrder(query).slice(0, 20));
    expect(found.searches).toEqual([20]);
    expect(found.candidates.every((candidate) => !('rankScore' in candidate))).toBe(true);
  });

  it('searches again with the expanded query, and leaves the score as it was asked', async () => {
    const nearest = exactOrder(query).slice(0, 3);
    const vectorOf = (id: string) => images.find((image) => image.id === id)!.vector;
    const sum = nearest.reduce((total, id) => {
      const weight = dot(query, vectorOf(id)) ** 3;
      return total.map((value, i) => value + weight * vectorOf(id)[i]!);
    }, query);
    const expanded = toUnit(sum);
    const { ids, candidates } = await rank([{ stage: 'alpha-qe' }], 50);
    expect(ids).toEqual(exactOrder(expanded).slice(0, 50));
    expect(ids).not.toEqual(exactOrder(query).slice(0, 50));
    for (const { id, score, rankScore } of candidates) {
      expect(score).toBeCloseTo(dot(query, vectorOf(id)), 6);
      expect(rankScore).toBeCloseTo(dot(expanded, vectorOf(id)), 5);
    }
  });

  it('orders the verified by their inliers, and leaves the others in their order below', async () => {
    const all: MemoryImage[] = images.map((image) => ({ ...image, metadata: {} }));
    const [first, second, third, fourth] = exactOrder(query).map((id) => all.find((image) => image.id === id)!);
    first!.metadata = { inliers: 7 };
    second!.metadata = { inliers: 8 };
    third!.metadata = { inliers: 30 };
    fourth!.metadata = { inliers: 8 };
    const { ids, candidates } = await rank([{ stage: 'geometric', topN: 6 }], 10, all);
    const [fifth, sixth, ...rest] = exactOrder(query).slice(4, 10);
    expect(ids).toEqual([third!.id, second!.id, fourth!.id, first!.id, fifth, sixth, ...rest]);
    // inliers, and 1 / (1 + e^-score) for what was the order before
    const expected = candidates.slice(0, 6).map(({ score }, i) => [30, 8, 8, 0, 0, 0][i]! + 1 / (1 + Math.exp(-score)));
    expect(candidates.slice(0, 6).map(({ rankScore }) => rankScore)).toEqual(expected);
    expect(candidates.slice(6).some((candidate) => 'rankScore' in candidate)).toBe(false);
  });

  it('expands by distinct descriptors, however many images share one', async () => {
    const [first] = exactOrder(query);
    const twins = Array.from({ length: 6 }, (_, i) => ({ ...images.find(({ id }) => id === first)!, id: `twin${i}` }));
    const { ports } = memoryPorts([...images, ...twins], query);
    const nodeOf = (node: number) => (node >= images.length ? images.findIndex(({ id }) => id === first) : node);
    const search: typeof ports.search = async (vector, count) =>
      (await ports.search(vector, count)).map((found) => ({ ...found, node: nodeOf(found.node) }));
    const stages = rankingSchema.parse([{ stage: 'average-qe' }]);
    const found = await rankCandidates({ query, stages, count: 100, maxCount: 1000 }, { ...ports, search });
    const alone = await rank([{ stage: 'average-qe' }], 100);
    const withoutTwins = found.candidates.map(({ id }) => id).filter((id) => !id.startsWith('twin'));
    expect(withoutTwins).toEqual(alone.ids.slice(0, withoutTwins.length));
  });

  it('ranks the best anew and leaves the rest below, without a rank score', async () => {
    const order = exactOrder(query);
    const { candidates, ids } = await rank([{ stage: 'metadata', topN: 10, weights: { sales: 5 } }], 30);
    const bySales = order.slice(0, 10).sort();
    expect([...ids.slice(0, 10)].sort()).toEqual(bySales);
    expect(ids[0]).toBe(bySales.at(-1));
    expect(ids.slice(10)).toEqual(order.slice(10, 30));
    expect(candidates.map((candidate) => 'rankScore' in candidate)).toEqual(ids.map((_, rank) => rank < 10));
  });

  it.each([
    [[{ stage: 'mmr', topN: 40, lambda: 0.5 }]],
    [[{ stage: 'alpha-qe' }, { stage: 'mmr', topN: 25 }]],
    [[{ stage: 'mmr' }, { stage: 'group', by: 'duplicates' }]],
    [[{ stage: 'k-reciprocal', topN: 40 }]],
    [[{ stage: 'alpha-qe' }, { stage: 'diffusion', topN: 40 }]],
    [
      [
        { stage: 'metadata', topN: 15, weights: { sales: 1 } },
        { stage: 'group', field: 'shop', limit: 3 },
      ],
    ],
  ])('pages of %j fit together', async (ranking) => {
    const whole = (await rank(ranking, 60)).ids;
    for (const count of [1, 7, 15, 26, 41, 59]) expect((await rank(ranking, count)).ids).toEqual(whole.slice(0, count));
  });

  it('looks deeper where a group drops nearly all', async () => {
    const crowd = images.map((image, i) => ({ ...image, metadata: { shop: i % 2 === 0 ? 'one' : `many${i % 40}` } }));
    const { ids, searches } = await rank([{ stage: 'group', field: 'shop' }], 12, crowd);
    expect(ids).toHaveLength(12);
    expect(searches.length).toBeGreaterThan(1);
    const seen = new Set<string>();
    const expected = exactOrder(query).filter((id) => {
      const { shop } = crowd.find((image) => image.id === id)!.metadata;
      return !seen.has(shop) && seen.add(shop);
    });
    expect(ids).toEqual(expected.slice(0, 12));
  });

  it('keeps the best of those that look the same', async () => {
    const { ids } = await rank([{ stage: 'group', by: 'duplicates', limit: 2 }], 60);
    const counts = new Map<string, number>();
    const expected = exactOrder(query).filter((id) => {
      counts.set(id.slice(-2), (counts.get(id.slice(-2)) ?? 0) + 1);
      return counts.get(id.slice(-2))! <= 2;
    });
    expect(ids).toEqual(expected.slice(0, 60));
  });

  it('gives what there is where there are not enough groups', async () => {
    expect((await rank([{ stage: 'group', field: 'shop' }], 12)).ids).toHaveLength(7);
    expect((await rank([{ stage: 'alpha-qe' }, { stage: 'mmr' }], 5, [])).ids).toEqual([]);
  });

  it.each(['k-reciprocal', 'diffusion'])('gives images with one descriptor one score (%s)', async (stage) => {
    const twins = images.slice(0, 5).map((image, i) => ({ ...image, id: `twin${i}` }));
    const { candidates } = await rank([{ stage, topN: 400 }], 305, [...images, ...twins]);
    const scoreOf = (id: string) => candidates.find((candidate) => candidate.id === id)!.rankScore;
    twins.forEach(({ id }, i) => expect(scoreOf(id)).toBe(scoreOf(images[i]!.id)));
    const alone = await rank([{ stage, topN: 400 }], 300);
    expect(candidates.map(({ id }) => id).filter((id) => !id.startsWith('twin'))).toEqual(alone.ids);
  });

  it('leaves out an image that was deleted meanwhile', async () => {
    const { ports } = memoryPorts(images, query);
    const [gone] = await ports.search(query, 1);
    const vectors: typeof ports.vectors = (nodes) => ports.vectors(nodes.filter((node) => node !== gone!.node));
    const stages = rankingSchema.parse([{ stage: 'mmr', topN: 10 }]);
    const found = await rankCandidates({ query, stages, count: 10, maxCount: 100 }, { ...ports, vectors });
    const ids = found.candidates.map(({ id }) => id);
    expect([...ids].sort()).toEqual(exactOrder(query).slice(1, 10).sort());
  });
});

describe('rankingSchema', () => {
  it('fills in the usual numbers', () => {
    expect(rankingSchema.parse([{ stage: 'alpha-qe' }])).toEqual([{ stage: 'alpha-qe', n: 3, floor: 0, alpha: 3 }]);
  });

  it.each([
    [[{ stage: 'magic' }]],
    [[{ stage: 'alpha-qe', k: 3 }]],
    [[{ stage: 'mmr', topN: 5000 }]],
    [[{ stage: 'k-reciprocal', topN: 501 }]],
    [[{ stage: 'diffusion', alpha: 1 }]],
    [[{ stage: 'metadata', weights: {} }]],
    [[{ stage: 'group' }]],
    [[{ stage: 'group', field: 'a', by: 'duplicates' }]],
    [[{ stage: 'group', by: 'colour' }]],
    [[{ stage: 'group', field: 'a' }, { stage: 'mmr' }]],
    [
      [
        { stage: 'group', field: 'a' },
        { stage: 'group', field: 'b' },
      ],
    ],
    [Array.from({ length: 9 }, () => ({ stage: 'alpha-qe' }))],
  ])('refuses %j', (ranking) => {
    expect(rankingSchema.safeParse(ranking).success).toBe(false);
  });
});
