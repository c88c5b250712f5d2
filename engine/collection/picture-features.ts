import type { PackedFeatures } from '../classical/matching/packed-features.js';
import { decodeImage } from '../image/decode.js';
import { preprocessSchema } from '../model/manifest.js';
import type { Region } from '../types.js';
import type { CollectionServices } from './services.js';

/** Enough for some hundred key points, in about a tenth of a second. */
export const KEY_POINT_VIEW = preprocessSchema.parse({ policy: 'inside', size: 480 });

/** The part of a picture to look at: a region of it, and what its mask lets through. */
export interface PicturePart {
  region?: Region;
  mask?: Uint8Array;
}

/**
 * Key points of a picture's bytes, in oriented pixels of the whole picture whatever size they were found at; none in a
 * plain picture.
 * @param part where to look, in oriented coordinates; without it the whole picture.
 * @throws the image codes, `worker_crashed`
 */
export async function pictureFeatures(
  { classical, limits }: Pick<CollectionServices, 'classical' | 'limits'>,
  bytes: Uint8Array,
  part: PicturePart = {},
): Promise<PackedFeatures> {
  const decoded = await decodeImage(bytes, { limits, preprocess: KEY_POINT_VIEW, ...part });
  const { width, height } = decoded.facts;
  return classical.features(decoded.pixels, { frame: decoded.region ?? { x: 0, y: 0, width, height } });
}
