import { describe, expect, it } from 'vitest';
import { byProbability, pooledLogs, smoothedLogs, softmax } from '../../../engine/category/probabilities.js';

const numbers = (...values: number[]) => Float64Array.from(values);

describe('softmax', () => {
  it('turns logits into probabilities, colder ones into surer ones', () => {
    const logits = numbers(Math.log(1), Math.log(2), Math.log(5));
    expect([...softmax(logits)].map((p) => p.toFixed(6))).toEqual(['0.125000', '0.250000', '0.625000']);
    // temperature 1/2 squares the odds: 1, 4, 25
    expect(softmax(logits, 0.5)[2]).toBeCloseTo(25 / 30, 12);
    expect(softmax(numbers(1000, 0))).toEqual(numbers(1, 0));
  });
});

describe('the pool of two opinions', () => {
  it('is the weighted mean of their logarithms, a share of 0.01 spread over all labels first', () => {
    const [vote, head] = [numbers(1, 0), numbers(0.5, 0.5)];
    expect([...smoothedLogs(vote)]).toEqual([Math.log(0.995), Math.log(0.005)]);
    const pooled = pooledLogs(vote, head, 0.5);
    // odds sqrt(0.995 / 0.005) to 1
    const odds = Math.sqrt(199);
    expect(softmax(pooled)[0]).toBeCloseTo(odds / (1 + odds), 12);
    expect(pooledLogs(vote, head, 1)).toEqual(smoothedLogs(vote));
    expect(pooledLogs(vote, head, 0)).toEqual(smoothedLogs(head));
  });
});

describe('the list of predictions', () => {
  it('has the likeliest first', () => {
    const predicted = byProbability(['a', 'b', 'c'], numbers(0.2, 0.5, 0.3));
    expect(predicted.map(({ label }) => label)).toEqual(['b', 'c', 'a']);
  });
});
