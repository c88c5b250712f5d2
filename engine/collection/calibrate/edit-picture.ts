import { decodeImage } from '../../image/decode.js';
import type { ImageLimits } from '../../image/limits.js';
import { preprocessPixels } from '../../image/raw-pixels.js';
import { atScale, largestScale } from '../../image/resize-plan.js';
import type { Preprocess } from '../../model/manifest.js';
import { seededRandom } from '../../seeded-random.js';
import type { Pixels } from '../../types.js';
import { syntheticEdits } from './synthetic-edits.js';

export interface EditRequest {
  bytes: Uint8Array;
  limits: ImageLimits;
  preprocess: Preprocess;
  /** The same seed gives the same edits. */
  seed: number;
  withUnseen: boolean;
}

export interface EditedPicture {
  kind: string;
  /** As the model's preprocessing cuts them. */
  pixels: Pixels;
}

/**
 * Edits a picture in every way that a calibration knows, at the size of the network's input before it is cut.
 * @throws the codes of decodeImage
 */
export async function editPicture({
  bytes,
  limits,
  preprocess,
  seed,
  withUnseen,
}: EditRequest): Promise<EditedPicture[]> {
  const { size, kernel } = atScale(preprocess, largestScale(preprocess));
  const whole = { policy: 'fit' as const, size, kernel, maxAspect: 8, multipleOf: 1 };
  const { pixels } = await decodeImage(bytes, { limits, preprocess: whole });
  const edited: EditedPicture[] = [];
  for (const edit of syntheticEdits(seededRandom(seed), withUnseen))
    edited.push({ kind: edit.name, pixels: await preprocessPixels(await edit.apply(pixels), preprocess) });
  return edited;
}
