import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { ClassicalThread } from '../../../engine/classical/classical-thread.js';
import { packFeatures, unpackFeatures } from '../../../engine/classical/matching/packed-features.js';
import { mapPoint } from '../../../engine/classical/geometry/plane-map.js';
import { pictureFeatures } from '../../../engine/collection/picture-features.js';
import { texturedPicture } from '../../support/textured.js';
import { seededRandom } from '../../support/vectors.js';

const limits = { maxBytes: 1e7, maxPixels: 1e7, timeoutMs: 5000 };
const SIDE = 200;

describe('the classical thread', () => {
  const classical = new ClassicalThread();
  const services = { classical, limits };
  afterAll(() => classical.close());

  it('finds a picture in its enlarged copy, in the pixels of each', async () => {
    const bytes = await texturedPicture(1);
    const large = await sharp(bytes).resize(1000, 1000).jpeg().toBuffer();
    const [a, b] = [await pictureFeatures(services, bytes), await pictureFeatures(services, large)];
    expect([a.width, b.width]).toEqual([SIDE, 1000]);
    const { inliers, map, boxes } = await classical.verify(a, b);
    expect(inliers).toBeGreaterThan(20);
    const [x, y] = mapPoint(Float64Array.from(map!), 100, 60);
    expect(Math.hypot(x - 500, y - 300)).toBeLessThan(10);
    expect(boxes!.to.width / boxes!.from.width).toBeCloseTo(5, 0);
  });

  it('finds nothing between two pictures, nor in a plain one', async () => {
    const plain = await sharp({ create: { width: 60, height: 60, channels: 3, background: 'grey' } })
      .png()
      .toBuffer();
    const [a, b] = [
      await pictureFeatures(services, await texturedPicture(1)),
      await pictureFeatures(services, await texturedPicture(2)),
    ];
    expect((await classical.verify(a, b)).inliers).toBeLessThan(8);
    const none = await pictureFeatures(services, plain);
    expect(none.points).toHaveLength(0);
    expect(await classical.verify(a, none)).toEqual({ inliers: 0, matches: [] });
  });

  it('gives the points of a region where they lie in the whole picture', async () => {
    const region = { x: 100, y: 0, width: 100, height: 200 };
    const { points, width } = await pictureFeatures(services, await texturedPicture(1), { region });
    const xs = points.filter((_, i) => i % 2 === 0);
    expect(width).toBe(100);
    expect(xs.length).toBeGreaterThan(5);
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(100);
  });

  it('keeps the strongest points', async () => {
    const pixels = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).map((_, i) => (i * i) % 251) };
    expect((await classical.features(pixels, { maxPoints: 3 })).points).toHaveLength(6);
  });
});

describe('packed features', () => {
  it('cost less than a hundredth of a descriptor', () => {
    const random = seededRandom(3);
    const row = Float32Array.from({ length: 128 }, () => random() ** 2);
    const norm = Math.hypot(...row);
    const descriptors = row.map((value) => value / norm);
    const features = { width: 9, height: 9, points: Float32Array.of(1, 2), descriptors, dimension: 128 };
    const packed = packFeatures(features);
    expect(packed.descriptors[0]).toBe(Math.round(descriptors[0]! * 512));
    const back = unpackFeatures(packed).descriptors;
    expect(Math.hypot(...back)).toBeCloseTo(1, 6);
    expect(Math.hypot(...back.map((value, i) => value - descriptors[i]!))).toBeLessThan(0.01);
  });
});
