import type { Metadata, Sharp } from 'sharp';
import { LikenessError } from '../errors.js';
import type { ImageLimits } from './limits.js';
import { runPipeline } from './run-pipeline.js';
import { sniffFormat } from './sniff.js';
import type { ImageFormat } from './sniff.js';

/** What a picture's header says. */
export interface ImageFacts {
  format: ImageFormat;
  /** Pixels after orientation, as people see the picture. */
  width: number;
  height: number;
  /** EXIF orientation that decoding applies, 1 (none) to 8. */
  orientation: number;
  /** Whether there is an alpha channel; its pixels may all be opaque. */
  hasAlpha: boolean;
  /** Frames or pages; only the first is decoded. */
  pages: number;
  /** Whether samples have more than 8 bits. */
  isDeep: boolean;
  /** Whether an ICC profile is embedded. */
  hasProfile: boolean;
}

/**
 * Reads a picture's header, without decoding its pixels.
 *
 * @throws LikenessError empty_body, too_many_bytes, unsupported_format, truncated_image (no readable header),
 *   too_many_pixels, decode_timeout
 */
export async function probeImage(bytes: Uint8Array, limits: ImageLimits): Promise<ImageFacts> {
  assertByteCount(bytes, limits);
  const format = assertSupported(bytes);
  // the pixel cap is checked below, where the size is known and can be told
  const uncapped = { ...limits, maxPixels: Number.MAX_SAFE_INTEGER };
  const { value } = await runPipeline(bytes, uncapped, (image: Sharp) => image.metadata());
  const facts = toFacts(format, value);
  assertPixelCount(facts, limits);
  return facts;
}

function toFacts(format: ImageFormat, metadata: Metadata): ImageFacts {
  return {
    format,
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    // absent also where the header holds none of the eight
    orientation: metadata.orientation ?? 1,
    hasAlpha: metadata.hasAlpha,
    pages: metadata.pages ?? 1,
    isDeep: metadata.depth !== 'uchar',
    hasProfile: metadata.hasProfile,
  };
}

function assertByteCount(bytes: Uint8Array, { maxBytes }: ImageLimits): void {
  if (bytes.byteLength === 0) throw new LikenessError('empty_body', 'expected the bytes of a picture, got none');
  if (bytes.byteLength > maxBytes) {
    throw new LikenessError('too_many_bytes', `expected at most ${maxBytes} bytes, got ${bytes.byteLength}`, {
      details: { maxBytes, bytes: bytes.byteLength },
    });
  }
}

function assertSupported(bytes: Uint8Array): ImageFormat {
  const sniffed = sniffFormat(bytes);
  if ('format' in sniffed) return sniffed.format;
  const hint = sniffed.hint === undefined ? '' : `; ${sniffed.hint}`;
  throw new LikenessError(
    'unsupported_format',
    `expected JPEG, PNG, WebP, AVIF, GIF or TIFF, got ${sniffed.other}${hint}`,
    { details: { got: sniffed.other } },
  );
}

function assertPixelCount({ width, height }: ImageFacts, { maxPixels }: ImageLimits): void {
  if (width * height <= maxPixels) return;
  throw new LikenessError('too_many_pixels', `expected at most ${maxPixels} pixels, got ${width}x${height}`, {
    details: { maxPixels, width, height },
  });
}
