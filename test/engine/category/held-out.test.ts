import { describe, expect, it } from 'vitest';
import { shuffled, splitHeldOut } from '../../../engine/category/held-out.js';
import { seededRandom } from '../../support/vectors.js';

describe('holding out', () => {
  const targets = Uint32Array.from({ length: 101 }, (_, i) => (i === 100 ? 2 : i % 2));

  it('takes its share of each label, and no example twice', () => {
    const { training, heldOut } = splitHeldOut(targets, 0.2, seededRandom(1));
    expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual([...targets.keys()]);
    const counts = [0, 1, 2].map((label) => heldOut.filter((i) => targets[i] === label).length);
    expect(counts[2]).toBe(0);
    expect(counts[0]).toBeGreaterThanOrEqual(10);
    expect(counts[0]).toBeLessThanOrEqual(11);
  });

  it('is the same for the same seed, and another for another', () => {
    const drawn = (seed: number) => [...splitHeldOut(targets, 0.2, seededRandom(seed)).heldOut];
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it('holds out at most 2000', () => {
    const many = Uint32Array.from({ length: 50_000 }, (_, i) => i % 10);
    const { heldOut } = splitHeldOut(many, 0.2, seededRandom(1));
    expect(Math.abs(heldOut.length - 2000)).toBeLessThanOrEqual(10);
  });
});

describe('shuffling', () => {
  it('keeps every number once', () => {
    const order = shuffled(20, seededRandom(3));
    expect([...order]).not.toEqual([...order.keys()]);
    expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
  });
});
