import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../engine/image/decode.js';
import { imageLimitsSchema } from '../../../engine/image/limits.js';
import { jpegRoundTrip, preprocessPixels } from '../../../engine/image/raw-pixels.js';
import { preprocessSchema } from '../../../engine/model/manifest.js';
import { drawPicture } from '../../support/pictures.js';

const limits = imageLimitsSchema.parse({});
const whole = (size: number) => preprocessSchema.parse({ policy: 'fit', size, multipleOf: 1, maxAspect: 8 });

describe('preprocessPixels', () => {
  it.each([
    [300, 200],
    [181, 263],
    [97, 90],
  ])('cuts %i x %i pixels as decodeImage cuts the file, bit for bit', async (width, height) => {
    const bytes = await drawPicture(5, { width, height });
    const crop = preprocessSchema.parse({ policy: 'center-crop', size: 96 });
    const direct = (await decodeImage(bytes, { limits, preprocess: crop })).pixels;
    const { pixels } = await decodeImage(bytes, { limits, preprocess: whole(96) });
    const cut = await preprocessPixels(pixels, crop);
    expect([cut.width, cut.height]).toEqual([96, 96]);
    expect(Buffer.from(cut.data).equals(Buffer.from(direct.data))).toBe(true);
  });

  it.each(['nearest', 'lanczos3'] as const)('resizes with %s as decodeImage resizes the file', async (kernel) => {
    const bytes = await drawPicture(8, { width: 120, height: 90 });
    const { pixels } = await decodeImage(bytes, { limits, preprocess: whole(90) });
    const { width, height, data } = pixels;
    const png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const preprocess = preprocessSchema.parse({ policy: 'stretch', size: 50, kernel });
    const direct = (await decodeImage(png, { limits, preprocess })).pixels;
    expect(Buffer.from((await preprocessPixels(pixels, preprocess)).data).equals(Buffer.from(direct.data))).toBe(true);
  });

  it('resizes the mask with the colours', async () => {
    // left half transparent
    const mask = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 0 : 255));
    const pixels = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(100), mask };
    const small = await preprocessPixels(pixels, preprocessSchema.parse({ policy: 'stretch', size: 32 }));
    expect(small.mask).toHaveLength(32 * 32);
    expect([small.mask![4], small.mask![27]]).toEqual([0, 255]);
    expect(new Set(small.data)).toEqual(new Set([100]));
  });
});

describe('jpegRoundTrip', () => {
  it('loses more at a lower quality, and nothing of size or mask', async () => {
    const { pixels } = await decodeImage(await drawPicture(3), { limits, preprocess: whole(96) });
    const before = Buffer.from(pixels.data);
    const error = ({ data }: { data: Uint8Array }) =>
      data.reduce((sum, value, i) => sum + Math.abs(value - before[i]!), 0) / data.length;
    const mask = new Uint8Array(96 * 96).fill(7);
    const [bad, good] = [await jpegRoundTrip({ ...pixels, mask }, 30), await jpegRoundTrip(pixels, 95)];
    expect([bad.width, bad.height, bad.data.length, bad.mask]).toEqual([96, 96, 96 * 96 * 3, mask]);
    expect(error(bad)).toBeGreaterThan(error(good) * 1.2);
    expect(error(good)).toBeGreaterThan(0);
    expect(error(bad)).toBeLessThan(30);
    expect(Buffer.from(pixels.data)).toEqual(before);
  });
});
