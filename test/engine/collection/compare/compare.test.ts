import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { openTestEngine, putVector, type TestEngine } from '../../../support/engine.js';
import { drawPicture } from '../../../support/pictures.js';
import { texturedPicture } from '../../../support/textured.js';
import { randomUnit, seededRandom } from '../../../support/vectors.js';

let test: TestEngine;
let whole: Buffer;
/** Its part from (60, 40) on, 140 x 120 pixels. */
let part: Buffer;

beforeAll(async () => {
  test = await openTestEngine();
  whole = await texturedPicture(1, 240);
  part = await sharp(whole).extract({ left: 60, top: 40, width: 140, height: 120 }).png().toBuffer();
});
afterAll(() => test.close());

describe('comparing two pictures', () => {
  it('finds where one lies in the other, in pixels of each, and draws it', async () => {
    const collection = test.engine.get('default');
    await collection.put({ id: 'whole', bytes: whole });
    const { geometry, picture, score, hashDistance } = await collection.compare({
      a: { id: 'whole' },
      b: { bytes: part },
      picture: true,
    });
    expect(geometry.inliers).toBeGreaterThanOrEqual(12);
    expect(geometry.points).toHaveLength(geometry.inliers);
    for (const { a, b } of geometry.points) {
      expect(Math.abs(a.x - 60 - b.x)).toBeLessThan(5);
      expect(Math.abs(a.y - 40 - b.y)).toBeLessThan(5);
    }
    const { a, b } = geometry.regions!;
    expect(a.x).toBeGreaterThan(55);
    expect(b.x + b.width).toBeLessThan(145);
    expect([score > -1, hashDistance! > 0]).toEqual([true, true]);
    const drawn = await sharp(picture).metadata();
    expect([drawn.format, drawn.width, drawn.height]).toEqual(['png', 240 + 16 + 140, 240]);
  });

  it('knows the same picture again, and one that has nothing in common', async () => {
    const collection = test.engine.get('default');
    const same = await collection.compare({ a: { bytes: whole }, b: { bytes: whole } });
    expect(same).toMatchObject({ verdict: 'identical', probability: 1, hashDistance: 0 });
    expect(same.score).toBeCloseTo(1, 5);
    expect(same).not.toHaveProperty('picture');
    const other = await collection.compare({ a: { bytes: whole }, b: { bytes: await drawPicture(3) } });
    expect(other.geometry).toMatchObject({ inliers: 0, points: [] });
    expect(other.geometry).not.toHaveProperty('regions');
    expect(other.verdict).toBeUndefined();
  });

  it('refuses images that are not stored, or whose originals are gone', async () => {
    const collection = test.engine.get('default');
    await expect(collection.compare({ a: { id: 'none' }, b: { bytes: whole } })).rejects.toMatchObject({
      code: 'image_not_found',
    });
    await putVector(collection, 'imported', randomUnit(collection.epoch.model.manifest.dimension, seededRandom(1)));
    await expect(collection.compare({ a: { bytes: whole }, b: { id: 'imported' } })).rejects.toMatchObject({
      code: 'original_not_available',
    });
    await expect(collection.compare({ a: { bytes: whole }, b: { bytes: Buffer.from('no') } })).rejects.toMatchObject({
      code: 'unsupported_format',
    });
  });
});
