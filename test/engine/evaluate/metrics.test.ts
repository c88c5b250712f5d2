import { describe, expect, it } from 'vitest';
import { METRIC_NAMES, parseMetric } from '../../../engine/evaluate/metrics.js';

const judged = (positives: number, ...ranks: number[]) => ({ ranks: Uint32Array.from(ranks), positives });
const compute = (name: string, positives: number, ...ranks: number[]) =>
  parseMetric(name).compute(judged(positives, ...ranks));

describe('metrics', () => {
  it('precision@k looks no further than the last positive', () => {
    // 1-based ranks 1, 3: kq = min(3, 10) = 3, so 2/3 and not 2/10
    expect(compute('precision@10', 2, 0, 2)).toBeCloseTo(2 / 3, 12);
    // kq = min(3, 2) = 2: one of two
    expect(compute('precision@2', 2, 0, 2)).toBe(0.5);
    expect(compute('precision@1', 2, 0, 2)).toBe(1);
    // two positives on top reach 1 at any k
    expect(compute('precision@10', 2, 0, 1)).toBe(1);
    expect(compute('precision@5', 2)).toBe(0);
  });

  it('recall comes as hit and as found / total', () => {
    // 1-based ranks 3, 5 of 4 positives
    expect(compute('recall-hit@2', 4, 2, 4)).toBe(0);
    expect(compute('recall-hit@3', 4, 2, 4)).toBe(1);
    expect(compute('recall-hit@9', 4, 2, 4)).toBe(1);
    expect(compute('recall-found@3', 4, 2, 4)).toBe(0.25);
    expect(compute('recall-found@5', 4, 2, 4)).toBe(0.5);
    expect(compute('recall-found@4', 4, 2, 4)).toBe(0.25);
  });

  it('ndcg@k divides by the best order within k', () => {
    // 1-based ranks 1, 4 of 3 positives, k = 5: (1/log2 2 + 1/log2 5) / (1 + 1/log2 3 + 1/log2 4)
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(compute('ndcg@5', 3, 0, 3)).toBeCloseTo((1 + 1 / Math.log2(5)) / ideal, 12);
    // within k = 1 one answer is all that fits
    expect(compute('ndcg@1', 3, 0, 3)).toBe(1);
    expect(compute('ndcg@3', 3, 0, 1, 2)).toBeCloseTo(1, 12);
    expect(compute('ndcg@2', 3, 7)).toBe(0);
  });

  it('N-S counts the group within the first four', () => {
    expect(compute('ns', 4, 0, 1, 3, 4)).toBe(3);
    expect(compute('ns', 4, 0, 1, 2, 3)).toBe(4);
  });

  it('names both kinds of AP apart', () => {
    expect(parseMetric('ap').label).toBe('mAP (finite sum)');
    expect(parseMetric('ap-trapezoid').label).toBe('mAP (trapezoid)');
    expect(compute('ap', 1, 1)).toBe(0.5);
    expect(compute('ap-trapezoid', 1, 1)).toBe(0.25);
    expect(parseMetric('recall-hit@5').label).toBe('R@5 (hit)');
  });

  it.each(['map', 'precision', 'precision@0', 'precision@1.5', 'recall@5', 'ap@5', 'toString', 'constructor@1'])(
    'refuses %s',
    (name) => {
      expect(() => parseMetric(name)).toThrow(`expected a metric of ${METRIC_NAMES.join(', ')}, got ${name}`);
    },
  );
});
