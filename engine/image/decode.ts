import type { OutputInfo, Sharp } from 'sharp';
import { LikenessError } from '../errors.js';
import type { Preprocess } from '../model/manifest.js';
import type { Pixels, Region } from '../types.js';
import { cropAndResize } from './crop-and-resize.js';
import { flattenAlpha } from './flatten.js';
import type { ImageLimits } from './limits.js';
import { coverPixels, decodeMask } from './mask.js';
import { probeImage } from './probe.js';
import type { ImageFacts } from './probe.js';
import { resolveRegion, withContext } from './region.js';
import type { PixelRegion } from './region.js';
import { planResize, type ResizePlan } from './resize-plan.js';
import { runPipeline } from './run-pipeline.js';
import { toSrgb } from './to-srgb.js';

interface PartOptions {
  limits: ImageLimits;
  /** In oriented coordinates; without it the whole picture. */
  region?: Region | undefined;
  /** Share of the region's size that is added on each side, see withContext. */
  context?: number | undefined;
  /** A picture of the same oriented size: what is white in it counts, what is black does not. */
  mask?: Uint8Array | undefined;
}

export interface DecodeOptions extends PartOptions {
  preprocess: Preprocess;
}

export interface ViewOptions extends PartOptions {
  /** The size that a picture or region of some size is brought to. */
  plan: (width: number, height: number) => ResizePlan;
  kernel: Preprocess['kernel'];
}

export interface DecodedImage {
  /** 8-bit RGB, of the size that was asked for. */
  pixels: Pixels;
  /** Facts of the whole picture. */
  facts: ImageFacts;
  /** The region that was decoded, in oriented pixels. */
  region?: PixelRegion;
  /** Whether the decoder had to read past flaws. */
  degraded: boolean;
}

/** Bytes to pixels as a model's preprocessing cuts them. @throws as {@link decodeView} */
export function decodeImage(bytes: Uint8Array, { preprocess, ...part }: DecodeOptions): Promise<DecodedImage> {
  const plan = (width: number, height: number) => planResize(width, height, preprocess);
  return decodeView(bytes, { ...part, plan, kernel: preprocess.kernel });
}

/**
 * Bytes to pixels: orientation, region, colour, alpha, mask, resize and crop, all decided here.
 *
 * @throws LikenessError what {@link probeImage} throws, invalid_region, invalid_mask, truncated_image, decode_timeout
 */
export async function decodeView(bytes: Uint8Array, options: ViewOptions): Promise<DecodedImage> {
  const { limits, context = 0 } = options;
  const facts = await probeImage(bytes, limits);
  const region = options.region && withContext(resolveRegion(options.region, facts), context, facts);
  const plan = options.plan(region?.width ?? facts.width, region?.height ?? facts.height);
  const cut = { region, plan, kernel: options.kernel };
  const mask = options.mask && (await decodeMask(options.mask, { facts, cut, limits }));
  const decode = (image: Sharp) => toRawPixels(toSrgb(cropAndResize(image, cut), facts));
  const { value, degraded } = await runPipeline(bytes, limits, decode);
  return { pixels: coverPixels(value, mask), facts, ...(region && { region }), degraded };
}

async function toRawPixels(image: Sharp): Promise<Pixels> {
  // not toBuffer: its memory is the library's, and cannot move to another thread
  const { data, info } = await image.raw({ depth: 'uchar' }).toUint8Array();
  assertWholeBuffer(data, info);
  const { width, height, channels } = info;
  if (channels === 4) return flattenAlpha(data, width, height);
  if (channels === 3) return { width, height, data };
  throw new LikenessError(
    'unsupported_format',
    `expected 3 colour channels and perhaps alpha, got ${channels} channels`,
    {
      details: { channels },
    },
  );
}

function assertWholeBuffer(data: Uint8Array, { width, height, channels }: OutputInfo): void {
  if (data.length === width * height * channels) return;
  throw new LikenessError('internal', `expected ${width}x${height}x${channels} bytes of pixels, got ${data.length}`);
}
