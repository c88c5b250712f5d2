import { LikenessError, toLikenessError } from '../errors.js';
import type { Pixels } from '../types.js';
import { cropAndResize, type Cut } from './crop-and-resize.js';
import { BACKGROUND } from './flatten.js';
import type { ImageLimits } from './limits.js';
import { probeImage, type ImageFacts } from './probe.js';
import { runPipeline } from './run-pipeline.js';

/** Nothing of a picture counts where less of its mask than this is white, of 255: rounding of a resize is no white. */
const LEAST_WHITE = 8;

export interface MaskOptions {
  /** Of the picture that the mask is for. */
  facts: Pick<ImageFacts, 'width' | 'height'>;
  /** As the picture is cut. */
  cut: Cut;
  limits: ImageLimits;
}

/**
 * A mask's bytes to how much each pixel of the picture counts, cut and resized as the picture is.
 * @returns [height, width] of the cut, 0 where the mask is black or transparent .. 255 where it is white
 * @throws `invalid_mask` if it is no picture, of another oriented size, or black where the picture is cut
 */
export async function decodeMask(bytes: Uint8Array, { facts, cut, limits }: MaskOptions): Promise<Uint8Array> {
  const { width, height } = await probeImage(bytes, limits).catch(refuse);
  if (width !== facts.width || height !== facts.height) {
    const message = `mask: expected ${facts.width}x${facts.height} pixels as its picture has, got ${width}x${height}`;
    throw new LikenessError('invalid_mask', message, { details: { width, height } });
  }
  const { value } = await runPipeline(bytes, limits, (image) =>
    cropAndResize(image.flatten({ background: 'black' }), cut)
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer(),
  ).catch(refuse);
  if (value.every((white) => white < LEAST_WHITE))
    throw new LikenessError('invalid_mask', 'mask: expected white where the picture counts, got black all over');
  return value;
}

/** @returns the pixels with what does not count laid on white, as transparent ones are; without a mask as they were. */
export function coverPixels(pixels: Pixels, mask: Uint8Array | undefined): Pixels {
  if (mask === undefined) return pixels;
  const data = pixels.data.map((colour, i) =>
    Math.round(BACKGROUND + ((colour - BACKGROUND) * mask[Math.floor(i / 3)]!) / 255),
  );
  const counts = mask.map((white, i) => Math.round((white * (pixels.mask?.[i] ?? 255)) / 255));
  return { ...pixels, data, mask: counts };
}

function refuse(thrown: unknown): never {
  const error = toLikenessError(thrown);
  if (error.code === 'internal') throw error;
  throw new LikenessError('invalid_mask', `mask: ${error.message}`, { details: error.details, cause: error });
}
