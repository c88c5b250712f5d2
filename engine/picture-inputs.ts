import { isPictureError, toLikenessError, type LikenessError } from './errors.js';
import { decodeImage } from './image/decode.js';
import type { ImageLimits } from './image/limits.js';
import { pixelsToTensor } from './image/tensor.js';
import type { PictureInput } from './model/picture-batches.js';
import type { NetworkManifest } from './model/manifest.js';

/** A picture that has not been read yet. */
export interface PictureSource {
  id: string;
  read: () => Promise<Uint8Array>;
}

export interface PictureInputs {
  pictures: PictureInput[];
  /** Pictures that could not be read or decoded. */
  skipped: { id: string; error: LikenessError }[];
}

/**
 * Decodes pictures as a model's preprocessing cuts them; they are kept as 8-bit pixels.
 * @param onPicture told of each, decoded or not.
 * @throws what is no fault of one picture alone.
 */
export async function pictureInputs(
  sources: readonly PictureSource[],
  { preprocess, input }: NetworkManifest,
  limits: ImageLimits,
  onPicture: (done: number, total: number) => void = () => undefined,
): Promise<PictureInputs> {
  const found: PictureInputs = { pictures: [], skipped: [] };
  for (const [i, { id, read }] of sources.entries()) {
    try {
      const { pixels } = await decodeImage(await read(), { limits, preprocess });
      const { height, width } = pixels;
      found.pictures.push({ height, width, tensor: () => pixelsToTensor(pixels, input) });
    } catch (thrown) {
      const error = toLikenessError(thrown);
      if (!isPictureError(error)) throw error;
      found.skipped.push({ id, error });
    }
    onPicture(i + 1, sources.length);
  }
  return found;
}
