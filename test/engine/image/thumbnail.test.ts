import { expect, it } from 'vitest';
import { probeImage } from '../../../engine/image/probe.js';
import { thumbnail } from '../../../engine/image/thumbnail.js';
import { FORMATS, LIMITS, codeOf, corners, noise, solid } from './fixtures.js';

const thumbnailFacts = async (bytes: Uint8Array, size: number) =>
  await probeImage(await thumbnail(bytes, { limits: LIMITS, size }), LIMITS);

it.each(FORMATS)('%s becomes a WebP inside the square', async (format) => {
  const facts = await thumbnailFacts(await corners(300, 200).toFormat(format).toBuffer(), 90);
  expect(facts).toMatchObject({ format: 'webp', width: 90, height: 60 });
});

it('is never larger than the picture', async () => {
  expect(await thumbnailFacts(await corners(30, 20).png().toBuffer(), 90)).toMatchObject({ width: 30, height: 20 });
});

it('keeps transparency', async () => {
  expect(await thumbnailFacts(await solid([1, 2, 3], 0.5).png().toBuffer(), 32)).toMatchObject({ hasAlpha: true });
});

it('carries no metadata along', async () => {
  const located = noise(64, 64)
    .withExif({ IFD0: { Copyright: 'somebody at home' } })
    .jpeg();
  const bytes = await located.toBuffer();
  expect(Buffer.from(bytes).includes('somebody at home')).toBe(true);
  expect(Buffer.from(await thumbnail(bytes, { limits: LIMITS, size: 32 })).includes('somebody')).toBe(false);
});

it('refuses what decoding refuses', async () => {
  const jpeg = await noise(64, 64).jpeg().toBuffer();
  expect(await codeOf(thumbnail(jpeg.subarray(0, 700), { limits: LIMITS, size: 32 }))).toBe('truncated_image');
});
