import { describe, expect, it } from 'vitest';
import { parseRanking } from '../../scripts/parse-ranking.js';

const parse = (text: string) => parseRanking('--ranking', text);

describe('parseRanking', () => {
  it('reads names, settings and several stages', () => {
    expect(parse('alpha-qe:n=5:floor=0.5+mmr')).toEqual([
      { stage: 'alpha-qe', n: 5, floor: 0.5, alpha: 3 },
      { stage: 'mmr', topN: 100, lambda: 0.7 },
    ]);
    expect(parse('group:by=duplicates')).toEqual([{ stage: 'group', by: 'duplicates', limit: 1 }]);
    expect(parse('k-reciprocal:k1=10:lambda=0.5+diffusion:topN=200')).toEqual([
      { stage: 'k-reciprocal', topN: 100, k1: 10, k2: 6, lambda: 0.5 },
      { stage: 'diffusion', topN: 200, k: 10, kq: 10, gamma: 3, alpha: 0.9 },
    ]);
    expect(parse('metadata:weights.price=-0.2:weights.sales=1+group:field=brand')).toEqual([
      { stage: 'metadata', topN: 100, weights: { price: -0.2, sales: 1 } },
      { stage: 'group', field: 'brand', limit: 1 },
    ]);
  });

  it('reads JSON too, and none', () => {
    expect(parse('[{"stage": "average-qe", "n": 2}]')).toEqual([{ stage: 'average-qe', n: 2, floor: 0 }]);
    expect(parse('none')).toEqual([]);
    expect(parse('[]')).toEqual([]);
  });

  it.each([
    ['magic', /--ranking: magic/],
    ['alpha-qe:n', /NAME:KEY=VALUE/],
    ['alpha-qe:n=0', /alpha-qe\.n/],
    ['alpha-qe:m=3', /alpha-qe/],
    ['mmr+', /--ranking/],
    ['diffusion:kq=0', /diffusion\.kq/],
  ])('refuses %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error);
  });
});
