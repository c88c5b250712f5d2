import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, scanRows } from '../../../engine/vector-index/exact-scan.js';
import { TopK } from '../../../engine/vector-index/top-k.js';
import { VectorTable } from '../../../engine/vector-index/vector-table.js';
import { range, vectorOf } from './fixtures.js';

describe('dot', () => {
  it('is the inner product, worked by hand', () => {
    const block = Float32Array.of(9, 9, 1, 2, 3, 4, 5, 6, 9);
    expect(dot(Float32Array.of(1, 10, 100, 1000, 10000, 100000), block, 2)).toBe(654321);
  });

  it('handles every length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 19 }), (numbers) => {
        const vector = Float32Array.from(numbers);
        expect(dot(vector, vector, 0)).toBe(numbers.reduce((sum, number) => sum + number * number, 0));
      }),
    );
  });
});

describe('scanRows', () => {
  it('scans the given rows only, across blocks, without the deleted', () => {
    const table = new VectorTable(4);
    for (const node of range(0, 3000)) table.add(node, vectorOf(node, 4));
    table.delete(1500);
    const best = new TopK(3000);
    scanRows(table, vectorOf(0, 4), 1000, 2500, best);
    expect([...best.take().nodes].sort((a, b) => a - b)).toEqual(range(1000, 2500).filter((node) => node !== 1500));
  });
});
