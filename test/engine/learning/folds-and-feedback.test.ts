import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../../engine/learning/feedback-lists.js';
import { assignFolds } from '../../../engine/learning/folds.js';
import { Reservoir } from '../../../engine/learning/reservoir.js';
import { rowOf, stackRows } from '../../../engine/learning/rows.js';

const CLASSES = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));

describe('assignFolds', () => {
  it('by classes keeps each class whole, and gives folds as many classes each', () => {
    const fold = assignFolds(CLASSES, 5, 'classes');
    const foldsOf = (wanted: number) => new Set([...fold].filter((_, i) => CLASSES[i] === wanted));
    for (let it = 0; it < 10; it++) expect(foldsOf(it).size).toBe(1);
    for (let held = 0; held < 5; held++) expect([...fold].filter((it) => it === held)).toHaveLength(12);
  });

  it('by images spreads each class, and gives folds as many images each', () => {
    const fold = assignFolds(CLASSES, 3, 'images');
    for (let it = 0; it < 10; it++) {
      const counts = [0, 1, 2].map((held) => [...fold].filter((f, i) => f === held && CLASSES[i] === it).length);
      expect(counts).toEqual([2, 2, 2]);
    }
  });

  it('is the same each time', () => {
    expect(assignFolds(CLASSES, 5, 'images')).toEqual(assignFolds(CLASSES, 5, 'images'));
    expect(assignFolds(CLASSES, 5, 'images', 2)).not.toEqual(assignFolds(CLASSES, 5, 'images'));
  });
});

describe('pairsOf', () => {
  it('pairs the query with what was chosen, and with what was passed over above it', () => {
    const rows = stackRows(Array.from({ length: 8 }, (_, i) => Float32Array.of(i, -i)));
    const list = { query: 7, shown: [6, 1, 2, 3], clicked: [false, true, false, false] };
    const pairs = pairsOf(rows, [list]);
    const named = (flat: Uint32Array) => [...flat].map((row) => rowOf(pairs.rows, row)[0]);
    expect(named(pairs.matching)).toEqual([7, 1]);
    expect(named(pairs.nonMatching)).toEqual([7, 6]);
    expect(pairs.rows.count).toBe(5);
  });
});

describe('Reservoir', () => {
  it('keeps all that fit, and of more an even sample', () => {
    const small = new Reservoir<number>(5);
    for (let i = 0; i < 4; i++) small.offer(i);
    expect(small.items).toEqual([0, 1, 2, 3]);
    const large = new Reservoir<number>(1000);
    for (let i = 0; i < 10_000; i++) large.offer(i);
    const mean = large.items.reduce((sum, value) => sum + value, 0) / 1000;
    expect([large.items.length, large.seen]).toEqual([1000, 10_000]);
    expect(Math.abs(mean - 5000)).toBeLessThan(400);
  });
});
