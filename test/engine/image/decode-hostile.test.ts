import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../engine/image/decode.js';
import { FORMATS, LIMITS, STRETCH_64, codeOf, noise, paint, solid } from './fixtures.js';

const OPTIONS = { limits: LIMITS, preprocess: STRETCH_64 };
const decodeCode = (bytes: Uint8Array, limits = LIMITS) => codeOf(decodeImage(bytes, { ...OPTIONS, limits }));

/** What damaged bytes may end in: a refusal that blames the picture. */
const REFUSALS = ['truncated_image', 'unsupported_format', 'too_many_pixels', 'empty_body', 'decode_timeout'];

const encoded = new Map<string, Buffer>();
beforeAll(async () => {
  for (const format of FORMATS) encoded.set(format, await noise(80, 60).toFormat(format).toBuffer());
  encoded.set('progressive jpeg', await noise(80, 60).jpeg({ progressive: true }).toBuffer());
  encoded.set('interlaced png', await noise(80, 60).png({ progressive: true }).toBuffer());
  encoded.set('jpeg in tiff', await noise(80, 60).tiff({ compression: 'jpeg' }).toBuffer());
});
const NAMES = [...FORMATS, 'progressive jpeg', 'interlaced png', 'jpeg in tiff'];

describe.each(NAMES)('damaged %s', (name) => {
  it('is whole before it is damaged', async () => {
    expect(await decodeCode(encoded.get(name)!)).toBe('none');
  });

  it.each([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97])('is refused when cut off at %f', async (fraction) => {
    const whole = encoded.get(name)!;
    expect(await decodeCode(whole.subarray(0, Math.floor(whole.length * fraction)))).toBe('truncated_image');
  });

  it('gives pixels or a refusal at any length, and never hangs or crashes', async () => {
    const whole = encoded.get(name)!;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        expect([...REFUSALS, 'none']).toContain(await decodeCode(whole.subarray(0, length)));
      }),
      { numRuns: 30 },
    );
  });

  it('gives pixels or a refusal with any bits flipped', async () => {
    const whole = encoded.get(name)!;
    const place = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 8 }), async (flips) => {
        const bytes = Buffer.from(whole);
        for (const [at, bits] of flips) bytes[at]! ^= bits;
        expect([...REFUSALS, 'none']).toContain(await decodeCode(bytes));
      }),
      { numRuns: 40 },
    );
  });
});

it('reads past a warning, and says so', async () => {
  // stray bytes before the end marker: libjpeg warns of extraneous data, and has every pixel
  const whole = await noise(80, 60).jpeg().toBuffer();
  const scan = whole.indexOf(Buffer.from([0xff, 0xda]));
  const stray = Buffer.concat([whole.subarray(0, scan), Buffer.from([0x00, 0x11, 0x22]), whole.subarray(scan)]);
  const { degraded } = await decodeImage(stray, OPTIONS);
  expect(degraded).toBe(true);
  expect((await decodeImage(whole, OPTIONS)).degraded).toBe(false);
});

it('keeps the reason of the decoder', async () => {
  const whole = encoded.get('jpeg')!;
  await expect(decodeImage(whole.subarray(0, 900), OPTIONS)).rejects.toMatchObject({
    code: 'truncated_image',
    details: { reason: expect.stringContaining('premature end') as string },
  });
});

describe('bombs', () => {
  it('a PNG whose header claims 30,000 x 30,000 is refused by its header', async () => {
    const bytes = Buffer.from(await solid([9, 9, 9]).png().toBuffer());
    bytes.writeUInt32BE(30_000, 16);
    bytes.writeUInt32BE(30_000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(decodeImage(bytes, OPTIONS)).rejects.toMatchObject({
      code: 'too_many_pixels',
      details: { width: 30_000, height: 30_000, maxPixels: 100_000_000 },
    });
  });

  it('a real picture of 12,000 x 12,000 in few bytes is refused, and decodes where it is allowed', async () => {
    const create = { width: 12_000, height: 12_000, channels: 3 as const, background: '#336699' };
    const bytes = await sharp({ create }).png({ compressionLevel: 6 }).toBuffer();
    expect(bytes.length).toBeLessThan(LIMITS.maxBytes);
    expect(await decodeCode(bytes)).toBe('too_many_pixels');
    expect(await decodeCode(bytes, { ...LIMITS, maxPixels: 150_000_000 })).toBe('none');
  });

  it('decoding that takes longer than the cap ends in decode_timeout', async () => {
    const large = await paint(3000, 2000, (x, y) => [x & 255, y & 255, (x * y) & 255])
      .avif({ effort: 0 })
      .toBuffer();
    expect(await decodeCode(large, { ...LIMITS, timeoutMs: 1 })).toBe('decode_timeout');
  });

  it('more than four channels are refused', async () => {
    const extra = { raw: { width: 64, height: 64, channels: 1 as const } };
    const five = solid([9, 9, 9]).joinChannel([Buffer.alloc(4096, 1), Buffer.alloc(4096, 2)], extra);
    const bytes = await five.tiff({ compression: 'none' }).toBuffer();
    expect(await decodeCode(bytes)).toBe('unsupported_format');
  });
});

/** PNG's checksum (ISO 3309), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
