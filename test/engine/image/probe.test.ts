import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openImage } from '../../../engine/image/sharp-setup.js';
import { probeImage } from '../../../engine/image/probe.js';
import { FORMATS, LIMITS, codeOf, corners, solid } from './fixtures.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const padded = (text: string) => Buffer.concat([latin1(text), Buffer.alloc(64)]);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

describe('probeImage', () => {
  it.each(FORMATS)('reads the header of %s', async (format) => {
    const facts = await probeImage(await corners(40, 24).toFormat(format).toBuffer(), LIMITS);
    expect(facts).toMatchObject({ format, width: 40, height: 24, orientation: 1, pages: 1, isDeep: false });
  });

  it('tells depth, profile and alpha', async () => {
    const plain = await probeImage(await solid([1, 2, 3]).png().toBuffer(), LIMITS);
    expect(plain).toMatchObject({ isDeep: false, hasProfile: false, hasAlpha: false });
    const rich = solid([1, 2, 3], 0.5).toColourspace('rgb16').withIccProfile('p3').png();
    expect(await probeImage(await rich.toBuffer(), LIMITS)).toMatchObject({
      isDeep: true,
      hasProfile: true,
      hasAlpha: true,
    });
  });

  it('takes a view into a larger buffer', async () => {
    const png = await corners(40, 24).png().toBuffer();
    const around = new Uint8Array(png.length + 20);
    around.set(png, 7);
    expect(await probeImage(around.subarray(7, 7 + png.length), LIMITS)).toMatchObject({ width: 40, height: 24 });
  });

  it('refuses nothing at all', async () => {
    expect(await codeOf(probeImage(new Uint8Array(0), LIMITS))).toBe('empty_body');
  });

  it('allows exactly maxBytes and exactly maxPixels, not one more', async () => {
    const png = await corners(40, 24).png().toBuffer();
    const limits = { ...LIMITS, maxBytes: png.length, maxPixels: 40 * 24 };
    expect(await codeOf(probeImage(png, limits))).toBe('none');
    expect(await codeOf(probeImage(png, { ...limits, maxBytes: png.length - 1 }))).toBe('too_many_bytes');
    expect(await codeOf(probeImage(png, { ...limits, maxPixels: 40 * 24 - 1 }))).toBe('too_many_pixels');
  });

  it('a header without the rest of the header is damage', async () => {
    const png = await corners(40, 24).png().toBuffer();
    expect(await codeOf(probeImage(png.subarray(0, 12), LIMITS))).toBe('truncated_image');
  });
});

describe('what is not read is named', () => {
  it.each([
    ['HEIC', padded('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['HEIC', padded('\0\0\0\x18ftypmif1\0\0\0\0mif1heic')],
    ['HEIF', padded('\0\0\0\x14ftypmif1\0\0\0\0miaf')],
    ['MP4 or QuickTime video', padded('\0\0\0\x18ftypisom\0\0\0\0isommp41')],
    ['BMP', padded('BM6\0\0\0')],
    ['PDF', latin1('%PDF-1.7\n%\xe2\xe3')],
    ['SVG', latin1(SVG)],
    ['SVG', latin1(`<?xml version="1.0"?><!-- drawn -->\n${SVG}`)],
    ['HTML', latin1('<!DOCTYPE html><html><body>404</body></html>')],
    ['Photoshop', padded('8BPS\0\x01')],
    ['JPEG XL', padded('\xff\x0a\x01')],
    ['JPEG 2000', padded('\0\0\0\x0cjP  \r\n\x87\n')],
    ['Netpbm', latin1('P6\n1 1\n255\nabc')],
    ['text', latin1('this is not a picture')],
    ['unknown data', Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])],
  ])('%s', async (name, bytes) => {
    await expect(probeImage(bytes, LIMITS)).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining(`got ${name}`) as string,
    });
  });

  it('HEIC comes with a hint', async () => {
    const heic = padded('\0\0\0\x18ftypheic\0\0\0\0mif1heic');
    await expect(probeImage(heic, LIMITS)).rejects.toThrow('convert it to JPEG or AVIF');
  });
});

describe("sharp's loaders", () => {
  it.each([
    ['SVG', latin1(SVG)],
    ['PDF', latin1('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n')],
    ['Netpbm', latin1('P6\n1 1\n255\nabc')],
    ['Radiance', latin1('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd')],
    ['CSV', latin1('1,2\n3,4\n')],
  ])('%s stays closed even behind the check of the first bytes', async (_name, bytes) => {
    await expect(openImage(bytes, LIMITS, 'none').metadata()).rejects.toThrow('unsupported image format');
  });

  it('files stay closed: only bytes in memory are read', async () => {
    const folder = await mkdtemp(`${tmpdir()}/likeness-`);
    try {
      await solid([1, 2, 3]).png().toFile(`${folder}/a.png`);
      await expect(sharp(`${folder}/a.png`).metadata()).rejects.toThrow('unsupported image format');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
