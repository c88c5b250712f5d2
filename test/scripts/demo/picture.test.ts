import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../scripts/demo/kinds.js';
import { drawPicture } from '../../../scripts/demo/picture.js';
import { Random } from '../../../scripts/demo/random.js';

describe('the demo gallery', () => {
  it('has two dozen kinds, each with its own name', () => {
    expect(new Set(KINDS.map(({ name }) => name)).size).toBe(24);
  });

  it.each(KINDS.map((kind) => [kind.name, kind] as const))(
    'draws a %s, ever the same and ever another',
    async (_name, kind) => {
      const first = await drawPicture(kind, '01');
      const { format, width, height } = await sharp(first).metadata();
      expect(format).toBe('jpeg');
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(350);
      // a drawing with a lost gradient or a thing off the frame is nearly flat
      const { channels } = await sharp(first).stats();
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(15);
      expect((await drawPicture(kind, '01')).equals(first)).toBe(true);
      expect((await drawPicture(kind, '02')).equals(first)).toBe(false);
    },
  );
});

describe('Random', () => {
  it('depends on its seed alone', () => {
    const numbers = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.whole(0, 1_000_000));
    };
    expect(numbers('a')).toEqual(numbers('a'));
    expect(numbers('a')).not.toEqual(numbers('b'));
  });

  it('spreads evenly and reaches both ends', () => {
    const random = new Random('spread');
    const counts = new Map<number, number>();
    for (let i = 0; i < 6000; i++) {
      const side = random.whole(1, 6);
      counts.set(side, (counts.get(side) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
