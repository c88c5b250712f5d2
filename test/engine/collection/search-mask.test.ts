import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestEngine } from '../../support/engine.js';
import { drawPicture } from '../../support/pictures.js';

const SIZE = { width: 160, height: 120 };

describe('a search with a mask', () => {
  it('does not see what is black in it, and is never of the same bytes', { timeout: 60_000 }, async () => {
    const test = await openTestEngine();
    onTestFinished(() => test.close());
    const collection = test.engine.get('default');
    const [left, right] = await Promise.all([1, 5].map((seed) => drawPicture(seed, SIZE)));
    const half = { left: 80, top: 0, width: 80, height: 120 };
    // the left half of the one, and the right half of the other painted over it
    const patch = await sharp(right).extract(half).toBuffer();
    const bytes = await sharp(left)
      .composite([{ input: patch, left: 80, top: 0 }])
      .png()
      .toBuffer();
    const mask = await sharp({ create: { ...SIZE, channels: 3, background: 'white' } })
      .composite([
        { input: { create: { width: 80, height: 120, channels: 3, background: 'black' } }, left: 80, top: 0 },
      ])
      .png()
      .toBuffer();
    await collection.put({ id: 'left', bytes: left! });
    await collection.put({ id: 'painted', bytes });
    const scoreOf = async (query: { mask?: Uint8Array }) => {
      const { hits, queries } = await collection.search({ queries: [{ kind: 'image', bytes, ...query }], k: 2 });
      return { score: hits.find(({ record }) => record.id === 'left')!.score, asked: queries[0]! };
    };
    const [plain, masked] = [await scoreOf({}), await scoreOf({ mask })];
    expect(masked.score).toBeGreaterThan(plain.score);
    expect(plain.asked.contentHash).toBeDefined();
    expect(masked.asked.contentHash).toBeUndefined();
  });
});
