import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../engine/image/decode.js';
import { probeImage } from '../../../engine/image/probe.js';
import { thumbnail } from '../../../engine/image/thumbnail.js';
import { BLUE, GREEN, LIMITS, RED, STRETCH_64, WHITE, colourAt, colourError, cornerColour, paint } from './fixtures.js';
import type { Rgb } from './fixtures.js';

/** EXIF 2.32, tag 274: where a stored pixel is seen, in a stored picture of w x h. */
const SEEN_AT: Record<number, (x: number, y: number, w: number, h: number) => [number, number]> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _w, h) => [h - 1 - y, x],
  7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
  8: (x, y, w) => [y, w - 1 - x],
};

/** A JPEG that is stored turned, so that with its orientation applied it shows the corner colours, width x height. */
async function storedTurned(orientation: number, width: number, height: number): Promise<Uint8Array> {
  const [w, h] = orientation >= 5 ? [height, width] : [width, height];
  const stored = paint(w, h, (x, y) => cornerColour(...SEEN_AT[orientation]!(x, y, w, h), width, height));
  return await stored.withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
}

const QUARTERS: [string, { x: number; y: number }, Rgb][] = [
  ['top left', { x: 0, y: 0 }, RED],
  ['top right', { x: 0.5, y: 0 }, GREEN],
  ['bottom left', { x: 0, y: 0.5 }, BLUE],
  ['bottom right', { x: 0.5, y: 0.5 }, WHITE],
];

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', (orientation) => {
  const options = { limits: LIMITS, preprocess: STRETCH_64 };

  it('probes the size as seen', async () => {
    const facts = await probeImage(await storedTurned(orientation, 96, 48), LIMITS);
    expect(facts).toMatchObject({ orientation, width: 96, height: 48 });
  });

  it.each([
    [96, 48],
    [960, 480], // large enough to be shrunk while loading
  ])('shows each colour in its corner at %i x %i', async (width, height) => {
    const { pixels } = await decodeImage(await storedTurned(orientation, width, height), options);
    for (const [, { x, y }, colour] of QUARTERS) {
      expect(colourError(colourAt(pixels, x + 0.25, y + 0.25), colour)).toBeLessThan(6);
    }
  });

  it.each(QUARTERS)('cuts a region from what is seen: %s', async (_name, corner, colour) => {
    const bytes = await storedTurned(orientation, 96, 48);
    const { pixels, region } = await decodeImage(bytes, { ...options, region: { ...corner, width: 0.5, height: 0.5 } });
    expect(region).toEqual({ x: corner.x * 96, y: corner.y * 48, width: 48, height: 24 });
    // away from the inner edges, where the JPEG's blocks of 8 may bleed
    for (const [x, y] of [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.2, 0.8],
      [0.8, 0.8],
    ] as const) {
      expect(colourError(colourAt(pixels, x, y), colour)).toBeLessThan(6);
    }
  });

  it('turns the thumbnail too', async () => {
    const small = await thumbnail(await storedTurned(orientation, 96, 48), { limits: LIMITS, size: 32 });
    const { pixels, facts } = await decodeImage(small, options);
    expect(facts).toMatchObject({ format: 'webp', width: 32, height: 16, orientation: 1 });
    for (const [, { x, y }, colour] of QUARTERS) {
      expect(colourError(colourAt(pixels, x + 0.25, y + 0.25), colour)).toBeLessThan(16);
    }
  });
});

it.each([0, 9, 200])('takes the orientation %i, which is none, as upright', async (none) => {
  const bytes = Buffer.from(await storedTurned(6, 96, 48));
  // the tag 0x0112 of type SHORT, count 1, holds 6: make it none (the EXIF block is little-endian)
  const tag = bytes.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00]));
  expect(bytes.readUInt16LE(tag + 8)).toBe(6);
  bytes.writeUInt16LE(none, tag + 8);
  expect(await probeImage(bytes, LIMITS)).toMatchObject({ orientation: 1, width: 48, height: 96 });
});
