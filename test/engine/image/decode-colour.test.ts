import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../engine/image/decode.js';
import { thumbnail } from '../../../engine/image/thumbnail.js';
import { preprocessSchema } from '../../../engine/model/manifest.js';
import {
  BLUE,
  FORMATS,
  LIMITS,
  RED,
  STRETCH_64,
  colourAt,
  colourError,
  codeOf,
  corners,
  paint,
  solid,
} from './fixtures.js';

const OPTIONS = { limits: LIMITS, preprocess: STRETCH_64 };
const BROWN = [200, 100, 50] as const;
const brown = () => solid(BROWN);
const deep = () => solid(BROWN).toColourspace('rgb16');

describe('every colour space becomes 8-bit sRGB', () => {
  it.each([
    ['JPEG', () => brown().jpeg({ quality: 100 }), BROWN, 2],
    ['PNG', () => brown().png(), BROWN, 0],
    ['WebP', () => brown().webp(), BROWN, 4],
    ['AVIF', () => brown().avif({ quality: 90 }), BROWN, 4],
    ['AVIF of 10 bits', () => brown().avif({ quality: 90, bitdepth: 10 }), BROWN, 4],
    ['GIF', () => brown().gif(), BROWN, 0],
    ['TIFF', () => brown().tiff({ compression: 'lzw' }), BROWN, 0],
    ['palette PNG', () => brown().png({ palette: true }), BROWN, 0],
    ['PNG of 16 bits', () => deep().png(), BROWN, 1],
    ['PNG of 16 bits with an sRGB profile', () => deep().withIccProfile('srgb').png(), BROWN, 2],
    ['PNG of 16 bits with a Display P3 profile', () => deep().withIccProfile('p3').png(), BROWN, 2],
    ['PNG with a Display P3 profile', () => brown().withIccProfile('p3').png(), BROWN, 2],
    ['grey JPEG', () => brown().greyscale().toColourspace('b-w').jpeg(), [128, 128, 128], 2],
    ['grey PNG of 16 bits', () => brown().toColourspace('grey16').png(), [128, 128, 128], 1],
    // out to the press and back: the paper's gamut is smaller, blue suffers most
    ['CMYK JPEG', () => brown().toColourspace('cmyk').jpeg({ quality: 100 }), [199, 94, 21], 6],
    ['CMYK TIFF', () => brown().toColourspace('cmyk').tiff({ compression: 'none' }), [199, 94, 21], 6],
    ['Lab TIFF', () => brown().toColourspace('lab').tiff({ compression: 'none' }), BROWN, 1],
  ] as const)('%s', async (_name, encode, expected, tolerance) => {
    const { pixels, degraded } = await decodeImage(await encode().toBuffer(), OPTIONS);
    expect(pixels.data).toHaveLength(64 * 64 * 3);
    expect(colourError(colourAt(pixels, 0.5, 0.5), expected)).toBeLessThanOrEqual(tolerance);
    expect(pixels.mask).toBeUndefined();
    expect(degraded).toBe(false);
  });

  it('the P3 fixtures hold other numbers than sRGB ones, else the profile tests could not fail', async () => {
    const p3 = await solid(BROWN).withIccProfile('p3').png().toBuffer();
    const ignored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect(colourError([...ignored.subarray(0, 3)], BROWN)).toBeGreaterThan(5);
  });

  it('applies the profile in thumbnails', async () => {
    const small = await thumbnail(await deep().withIccProfile('p3').png().toBuffer(), { limits: LIMITS, size: 32 });
    const { pixels, facts } = await decodeImage(small, OPTIONS);
    expect(colourError(colourAt(pixels, 0.5, 0.5), BROWN)).toBeLessThan(5);
    expect(facts.hasProfile).toBe(false);
  });
});

describe('transparency', () => {
  it.each([
    ['RGBA PNG', () => solid(BROWN, 0.5).png()],
    ['RGBA PNG of 16 bits', () => solid(BROWN, 0.5).toColourspace('rgb16').png()],
    ['palette PNG', () => solid(BROWN, 0.5).png({ palette: true })],
    ['WebP', () => solid(BROWN, 0.5).webp({ lossless: true })],
    ['AVIF', () => solid(BROWN, 0.5).avif({ quality: 90 })],
    ['TIFF', () => solid(BROWN, 0.5).tiff({ compression: 'none' })],
  ])('%s: half see-through brown is laid on white and masked', async (_name, encode) => {
    const { pixels, facts } = await decodeImage(await encode().toBuffer(), OPTIONS);
    expect(facts.hasAlpha).toBe(true);
    expect(pixels.mask).toEqual(new Uint8Array(64 * 64).fill(128));
    expect(colourError(colourAt(pixels, 0.5, 0.5), [227, 177, 152])).toBeLessThanOrEqual(3);
  });

  it('grey with alpha', async () => {
    const bytes = await solid([100, 100, 100], 0.5).toColourspace('b-w').png().toBuffer();
    const { pixels } = await decodeImage(bytes, OPTIONS);
    expect(colourError(colourAt(pixels, 0.5, 0.5), [177, 177, 177])).toBeLessThanOrEqual(1);
    expect(pixels.mask?.[0]).toBe(128);
  });

  it('an alpha channel that is opaque gives no mask', async () => {
    const { pixels, facts } = await decodeImage(await solid(BROWN, 1).png().toBuffer(), OPTIONS);
    expect(facts.hasAlpha).toBe(true);
    expect(pixels.mask).toBeUndefined();
    expect(colourAt(pixels, 0.5, 0.5)).toEqual([...BROWN]);
  });

  it('the mask lies on the pixels after region, crop and resize', async () => {
    // 200x100: left half transparent green, right half opaque red
    const half = await sharp({ create: { width: 200, height: 100, channels: 4, background: '#00ff0000' } })
      .composite([
        {
          input: await paint(100, 100, () => RED)
            .png()
            .toBuffer(),
          left: 100,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const preprocess = preprocessSchema.parse({ policy: 'center-crop', size: 32 });
    const region = { x: 50, y: 0, width: 150, height: 100 };
    const { pixels } = await decodeImage(half, { limits: LIMITS, preprocess, region });
    // the region is cropped to its middle 100 columns, 75..175: a quarter transparent, white, and no green anywhere
    for (const [i, alpha] of pixels.mask!.entries()) {
      const x = i % 32;
      // the edge lies at x = 8, and lanczos rings a little on both sides of it
      if (x < 5) expect(alpha).toBeLessThan(4);
      if (x > 10) expect(alpha).toBeGreaterThan(251);
      const red = [255, 255 - alpha, 255 - alpha];
      expect(colourError([...pixels.data.subarray(i * 3, i * 3 + 3)], red)).toBeLessThanOrEqual(2);
    }
  });
});

describe('frames', () => {
  const twoFrames = async () =>
    sharp([await solid(RED).png().toBuffer(), await solid(BLUE).png().toBuffer()], { join: { animated: true } });

  it.each(['gif', 'webp'] as const)('the first frame of an animated %s', async (format) => {
    const bytes = await (await twoFrames()).toFormat(format).toBuffer();
    const { pixels, facts } = await decodeImage(bytes, OPTIONS);
    expect(facts).toMatchObject({ format, pages: 2, width: 64, height: 64 });
    expect(colourError(colourAt(pixels, 0.5, 0.5), RED)).toBeLessThan(4);
  });
});

describe('resizing', () => {
  it.each(FORMATS)('%s: the middle square of a wide picture', async (format) => {
    // 300x100: red, green, blue thirds
    const thirds = paint(300, 100, (x) => (x < 100 ? RED : x < 200 ? [0, 255, 0] : BLUE));
    const preprocess = preprocessSchema.parse({ policy: 'center-crop', size: 48 });
    const bytes = await thirds.toFormat(format).toBuffer();
    const { pixels } = await decodeImage(bytes, { limits: LIMITS, preprocess });
    expect([pixels.width, pixels.height]).toEqual([48, 48]);
    for (const x of [0.1, 0.5, 0.9]) expect(colourError(colourAt(pixels, x, 0.5), [0, 255, 0])).toBeLessThan(12);
  });

  it('fit keeps the aspect', async () => {
    const preprocess = preprocessSchema.parse({ policy: 'fit', size: 64 });
    const { pixels } = await decodeImage(await corners(300, 200).png().toBuffer(), { limits: LIMITS, preprocess });
    expect([pixels.width, pixels.height]).toEqual([96, 64]);
  });

  it('a sliver is cropped without being blown up whole', async () => {
    const preprocess = preprocessSchema.parse({ policy: 'center-crop', size: 64 });
    const sliver = await paint(1, 20_000, () => RED)
      .png()
      .toBuffer();
    const { pixels } = await decodeImage(sliver, { limits: LIMITS, preprocess });
    expect(colourAt(pixels, 0.5, 0.5)).toEqual([...RED]);
  });

  it('refuses a region beyond the picture', async () => {
    const bytes = await corners(40, 20).png().toBuffer();
    const region = { x: 30, y: 0, width: 20, height: 20 };
    expect(await codeOf(decodeImage(bytes, { ...OPTIONS, region }))).toBe('invalid_region');
  });
});
