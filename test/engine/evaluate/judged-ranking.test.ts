import { describe, expect, it } from 'vitest';
import { judgeRanking } from '../../../engine/evaluate/judged-ranking.js';

const judge = (ids: string, relevant: string, junk: string) => judgeRanking(ids, new Set(relevant), new Set(junk));

describe('judgeRanking', () => {
  it('takes junk out before it counts ranks', () => {
    // x a y b c: without junk x, y: a b c, so a is at 0 and c at 2
    expect(judge('xaybc', 'ac', 'xy')).toEqual({ ranks: Uint32Array.of(0, 2), positives: 2 });
  });

  it('lets junk win where an id is both', () => {
    expect(judge('qab', 'qb', 'q')).toEqual({ ranks: Uint32Array.of(1), positives: 1 });
  });

  it('counts positives that the ranking lacks, and none at all', () => {
    expect(judge('ab', 'bz', '')).toEqual({ ranks: Uint32Array.of(1), positives: 2 });
    expect(judge('ab', '', '')).toEqual({ ranks: new Uint32Array(), positives: 0 });
  });
});
