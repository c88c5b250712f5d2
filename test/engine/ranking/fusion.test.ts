import { describe, expect, it } from 'vitest';
import { fusedScore, fusionSchema } from '../../../engine/ranking/fusion.js';

describe('fusedScore', () => {
  it('sums reciprocal ranks over the rankings that found it, worked by hand', () => {
    const rrf = fusionSchema.parse({ method: 'rrf' });
    expect(fusedScore({ cosine: 0.9, visualRank: 1, textRank: 4, relevance: 0.5 }, rrf)).toBe(1 / 61 + 1 / 64);
    expect(fusedScore({ cosine: 0.9, visualRank: 2, relevance: 0 }, rrf)).toBe(1 / 62);
    expect(fusedScore({ cosine: -1, textRank: 1, relevance: 1 }, rrf)).toBe(1 / 61);
  });

  it('weighs cosine and relevance, half each unless said', () => {
    const candidate = { cosine: 0.8, visualRank: 3, textRank: 1, relevance: 1 };
    expect(fusedScore(candidate, fusionSchema.parse({ method: 'weighted' }))).toBeCloseTo(0.9, 12);
    expect(fusedScore(candidate, { method: 'weighted', weight: 0.25 })).toBeCloseTo(0.85, 12);
    expect(fusedScore(candidate, { method: 'weighted', weight: 0 })).toBe(0.8);
  });

  it('has shares from 0 to 1, of the weighted method alone', () => {
    for (const wrong of [{ method: 'weighted', weight: 1.5 }, { method: 'rrf', weight: 0.5 }, { method: 'sum' }])
      expect(fusionSchema.safeParse(wrong).success).toBe(false);
  });
});
