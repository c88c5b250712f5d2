import { expect, it } from 'vitest';
import { meanTimings } from '../../../engine/evaluate/mean-timings.js';

it('averages each stage over the queries, and says nothing where nothing is told', () => {
  expect(meanTimings([{ timings: { search: 1, mmr: 4 } }, { timings: { search: 3, mmr: 5 } }])).toEqual({
    timings: { search: 2, mmr: 4.5 },
  });
  expect(meanTimings([{}, {}])).toEqual({});
});
