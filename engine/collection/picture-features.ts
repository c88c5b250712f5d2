import type { PackedFeatures } from '../classical/matching/packed-features.js';
import { decodeImage } from '../image/decode.js';
import { preprocessSchema } from '../model/manifest.js';
import { pickDefined } from '../pick-defined.js';
import type { Region } from '../types.js';
import type { CollectionServices } from './services.js';

/** Enough for some hundred key points, in about a tenth of a second. */
const PREPROCESS = preprocessSchema.parse({ policy: 'inside', size: 480 });

/**
 * Key points of a picture's bytes, in oriented pixels of the whole picture whatever size they were found at; none in a
 * plain picture.
 * @param options region: the part to look at, in oriented coordinates; without it the whole picture.
 * @throws the image codes, `worker_crashed`
 */
export async function pictureFeatures(
  { classical, limits }: Pick<CollectionServices, 'classical' | 'limits'>,
  bytes: Uint8Array,
  options: { region?: Region } = {},
): Promise<PackedFeatures> {
  const decoded = await decodeImage(bytes, { limits, preprocess: PREPROCESS, ...pickDefined(options, ['region']) });
  const { width, height } = decoded.facts;
  return classical.features(decoded.pixels, { frame: decoded.region ?? { x: 0, y: 0, width, height } });
}
