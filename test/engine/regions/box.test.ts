import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap, scaled, suppress } from '../../../engine/regions/box.js';

const box = (left: number, top: number, right: number, bottom: number, score = 1) => ({
  ...{ left, top, right, bottom },
  score,
});

describe('overlap', () => {
  it('is the shared part of all that both cover', () => {
    expect(overlap(box(0, 0, 4, 4), box(0, 0, 4, 4))).toBe(1);
    // 2 x 4 shared, 16 + 16 - 8 in all
    expect(overlap(box(0, 0, 4, 4), box(2, 0, 6, 4))).toBeCloseTo(1 / 3, 12);
    expect(overlap(box(0, 0, 4, 4), box(4, 0, 8, 4))).toBe(0);
    expect(overlap(box(1, 1, 1, 1), box(1, 1, 1, 1))).toBe(0);
  });
});

describe('suppress', () => {
  it('keeps the best of boxes that overlap by more than the limit', () => {
    const [good, near, apart] = [box(0, 0, 4, 4, 0.9), box(0, 0, 4, 3, 0.8), box(6, 6, 8, 8, 0.1)];
    // 12 of 16: 0.75
    expect(suppress([apart, near, good], 0.5, 9)).toEqual([good, apart]);
    expect(suppress([apart, near, good], 0.75, 9)).toEqual([good, near, apart]);
    expect(suppress([apart, near, good], 0.75, 2)).toEqual([good, near]);
  });

  it('leaves no two that overlap by more, and drops none that does not', () => {
    const side = fc.integer({ min: 0, max: 20 });
    const boxes = fc.array(
      fc
        .tuple(side, side, side, side, fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([left, top, width, height, score]) => box(left, top, left + width, top + height, score)),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(boxes, (given) => {
        const kept = suppress(given, 0.5, Infinity);
        for (const [i, one] of kept.entries())
          for (const other of kept.slice(i + 1)) expect(overlap(one, other)).toBeLessThanOrEqual(0.5);
        for (const dropped of given.filter((it) => !kept.includes(it)))
          expect(kept.some((it) => it.score >= dropped.score && overlap(it, dropped) > 0.5)).toBe(true);
      }),
    );
  });
});

describe('scaled', () => {
  it('changes the units and keeps the rest', () => {
    expect(scaled({ ...box(1, 2, 3, 4, 0.5), label: 'cat' }, 10, 100)).toEqual({
      ...box(10, 200, 30, 400, 0.5),
      label: 'cat',
    });
  });
});
