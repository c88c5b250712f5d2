import { describe, expect, it } from 'vitest';
import { expandQuery } from '../../../engine/ranking/query-expansion.js';

const QUERY = Float32Array.of(1, 0);
// cosines with the query: 0.8, 0.6, -0.6
const NEIGHBOURS = Float32Array.of(0.8, 0.6, 0.6, -0.8, -0.6, 0.8);
const stage = { n: 3, floor: -1 };

function expectUnit(found: Float32Array | undefined, direction: [number, number]): void {
  const norm = Math.hypot(...direction);
  expect(found?.[0]).toBeCloseTo(direction[0] / norm, 6);
  expect(found?.[1]).toBeCloseTo(direction[1] / norm, 6);
}

describe('expandQuery', () => {
  it('adds the neighbours as they are (average)', () => {
    expectUnit(expandQuery(QUERY, NEIGHBOURS, { stage: 'average-qe', ...stage }), [1.8, 0.6]);
  });

  it('weights them by the power of their similarity, none of those that point away (alpha)', () => {
    // 0.8^3 = 0.512, 0.6^3 = 0.216, max(0, -0.6)^3 = 0
    const expected: [number, number] = [1 + 0.512 * 0.8 + 0.216 * 0.6, 0.512 * 0.6 - 0.216 * 0.8];
    expectUnit(expandQuery(QUERY, NEIGHBOURS, { stage: 'alpha-qe', ...stage, alpha: 3 }), expected);
  });

  it('leaves out neighbours below the floor', () => {
    expectUnit(expandQuery(QUERY, NEIGHBOURS, { stage: 'average-qe', n: 3, floor: 0.7 }), [1.8, 0.6]);
    expectUnit(expandQuery(QUERY, NEIGHBOURS.slice(0, 4), { stage: 'average-qe', n: 3, floor: 0.5 }), [2.4, -0.2]);
  });

  it('is nothing where no neighbour counts, or all cancel out', () => {
    expect(expandQuery(QUERY, NEIGHBOURS, { stage: 'average-qe', n: 3, floor: 0.9 })).toBeUndefined();
    expect(expandQuery(QUERY, new Float32Array(0), { stage: 'average-qe', ...stage })).toBeUndefined();
    expect(expandQuery(QUERY, Float32Array.of(-1, 0), { stage: 'average-qe', ...stage })).toBeUndefined();
  });
});
