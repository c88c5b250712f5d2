import { describe, expect, it } from 'vitest';
import { foundAsTable } from '../../../scripts/report/found-images.js';

const ANSWER = {
  queries: [],
  fingerprint: 'f',
  plan: 'empty' as const,
  sequence: 1,
  timings: { decode: 1 },
  hits: [],
  belowThreshold: 0,
};

describe('foundAsTable', () => {
  it('says which subject the search was by', () => {
    const box = { x: 1, y: 2, width: 3, height: 4 };
    const subjects = [
      { box, score: 0.5, used: true, query: 0 },
      { box: { ...box, x: 9 }, score: 0.4, used: false, query: 0 },
    ];
    expect(foundAsTable({ ...ANSWER, subjects })).toBe('nothing found\n(empty, 1.0 ms, subject 1,2,3,4)\n');
    expect(foundAsTable(ANSWER)).toBe('nothing found\n(empty, 1.0 ms)\n');
  });
});
