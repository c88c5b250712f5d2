import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../engine/image/decode.js';
import { coverPixels } from '../../../engine/image/mask.js';
import { codeOf, colourAt, corners, LIMITS, paint, STRETCH_64 } from './fixtures.js';

/** White where the test holds, black elsewhere. */
const maskOf = (width: number, height: number, isWhite: (x: number, y: number) => boolean) =>
  paint(width, height, (x, y) => (isWhite(x, y) ? [255, 255, 255] : [0, 0, 0]));
const decode = (bytes: Uint8Array, options: object) =>
  decodeImage(bytes, { limits: LIMITS, preprocess: STRETCH_64, ...options });

describe('a mask', () => {
  it('lays on white what it does not let through, and says so', async () => {
    const mask = await maskOf(64, 64, (x) => x < 32)
      .png()
      .toBuffer();
    const { pixels } = await decode(await corners(64, 64).png().toBuffer(), { mask });
    expect(colourAt(pixels, 0.1, 0.1)).toEqual([255, 0, 0]);
    expect(colourAt(pixels, 0.9, 0.1)).toEqual([255, 255, 255]);
    expect([pixels.mask![5], pixels.mask![60]]).toEqual([255, 0]);
  });

  it('does what transparency of the same shape does', async () => {
    const shape = maskOf(90, 60, (x, y) => (x - 40) ** 2 + (y - 30) ** 2 < 500);
    const grey = await shape.clone().greyscale().raw().toBuffer();
    const picture = await paint(90, 60, (x, y) => [x, y, 60])
      .png()
      .toBuffer();
    const cutOut = await sharp(picture)
      .joinChannel(grey, { raw: { width: 90, height: 60, channels: 1 } })
      .png()
      .toBuffer();
    const region = { x: 10, y: 5, width: 50, height: 50 };
    const expected = (await decode(cutOut, { region })).pixels;
    const got = (await decode(picture, { region, mask: await shape.png().toBuffer() })).pixels;
    const far = (a: Uint8Array, b: Uint8Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(far(got.mask!, expected.mask!)).toBeLessThanOrEqual(2);
    // at the rim, colours of what does not count shine through
    const seen = got.data.filter((_, i) => got.mask![Math.floor(i / 3)]! >= 254);
    const wanted = expected.data.filter((_, i) => got.mask![Math.floor(i / 3)]! >= 254);
    expect(far(seen, wanted)).toBeLessThanOrEqual(10);
  });

  it('is as large as people see the picture', async () => {
    const turned = await corners(40, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const upright = await maskOf(20, 40, () => true)
      .png()
      .toBuffer();
    const lying = await maskOf(40, 20, () => true)
      .png()
      .toBuffer();
    expect((await decode(turned, { mask: upright })).facts).toMatchObject({ width: 20, height: 40 });
    await expect(decode(turned, { mask: lying })).rejects.toMatchObject({
      code: 'invalid_mask',
      message: 'mask: expected 20x40 pixels as its picture has, got 40x20',
    });
  });

  it('may be transparent where it does not let through', async () => {
    const mask = await sharp({
      create: { width: 64, height: 64, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } },
    })
      .composite([
        {
          input: await maskOf(32, 64, () => true)
            .png()
            .toBuffer(),
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const { pixels } = await decode(await corners(64, 64).png().toBuffer(), { mask });
    expect([pixels.mask![5], pixels.mask![60]]).toEqual([255, 0]);
  });

  it('is refused if it is no picture, or black where the picture is cut', async () => {
    const bytes = await corners(64, 64).png().toBuffer();
    expect(await codeOf(decode(bytes, { mask: Buffer.from('no picture') }))).toBe('invalid_mask');
    expect(await codeOf(decode(bytes, { mask: Buffer.alloc(0) }))).toBe('invalid_mask');
    const mask = await maskOf(64, 64, (x) => x < 32)
      .png()
      .toBuffer();
    const region = { x: 40, y: 0, width: 24, height: 64 };
    expect(await codeOf(decode(bytes, { mask, region }))).toBe('invalid_mask');
  });
});

it('covers what is transparent already by both', () => {
  const pixels = { width: 3, height: 1, data: Uint8Array.of(55, 55, 55, 155, 155, 155, 5, 5, 5) };
  const mask = Uint8Array.of(255, 51, 0);
  expect(coverPixels(pixels, undefined)).toBe(pixels);
  // a fifth of 100 below white is 20; half of a fifth is a tenth: 25.5
  expect(coverPixels({ ...pixels, mask: Uint8Array.of(255, 128, 255) }, mask)).toEqual({
    width: 3,
    height: 1,
    data: Uint8Array.of(55, 55, 55, 235, 235, 235, 255, 255, 255),
    mask: Uint8Array.of(255, 26, 0),
  });
});
