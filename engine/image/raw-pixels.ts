/** Work on pictures that are decoded already; bytes of strangers go through decode.ts. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Preprocess } from '../model/manifest.js';
import type { Pixels } from '../types.js';
import { planResize } from './resize-plan.js';

/** A plane of samples [height, width, channels]. */
interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
}

/** @returns the picture encoded as JPEG of that quality (1..100) and decoded again, chroma halved as cameras do; the mask stays. */
export async function jpegRoundTrip(pixels: Pixels, quality: number): Promise<Pixels> {
  const jpeg = await fromPlane(coloursOf(pixels)).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
  const data = await sharp(jpeg).raw().toBuffer();
  return { ...pixels, data: new Uint8Array(data) };
}

/** @returns the picture as PNG, without its mask. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  return new Uint8Array(await fromPlane(coloursOf(pixels)).png().toBuffer());
}

/** Resizes and crops to the network's input by the model's policy, as decodeImage does with a file. */
export async function preprocessPixels(pixels: Pixels, preprocess: Preprocess): Promise<Pixels> {
  const { width, height, fit } = planResize(pixels.width, pixels.height, preprocess);
  const resize = async (plane: Plane): Promise<Uint8Array> => {
    const resized = fromPlane(plane).resize(width, height, { fit, kernel: preprocess.kernel });
    // sharp turns one channel into three unless told not to
    const output = plane.channels === 1 ? resized.toColourspace('b-w') : resized;
    return new Uint8Array(await output.raw().toBuffer());
  };
  const data = await resize(coloursOf(pixels));
  if (pixels.mask === undefined) return { width, height, data };
  const { width: maskWidth, height: maskHeight } = pixels;
  const mask = await resize({ data: pixels.mask, width: maskWidth, height: maskHeight, channels: 1 });
  return { width, height, data, mask };
}

function coloursOf({ data, width, height }: Pixels): Plane {
  return { data, width, height, channels: 3 };
}

function fromPlane({ data, width, height, channels }: Plane): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}
