import { readFile } from 'node:fs/promises';
import { LikenessError } from '../../engine/errors.js';
import { appearanceProtocol } from '../../engine/evaluate/transforms/appearance-protocol.js';
import { channelStatistics, type ChannelStatistics } from '../../engine/evaluate/transforms/channel-statistics.js';
import type { Transform } from '../../engine/evaluate/transforms/transform.js';
import { decodeImage } from '../../engine/image/decode.js';
import type { ImageLimits } from '../../engine/image/limits.js';
import { jpegRoundTrip } from '../../engine/image/raw-pixels.js';
import { preprocessSchema } from '../../engine/model/manifest.js';

/** The art picture's colours are taken from a copy of this size, pixels of the short side. */
const ART_SIZE_PX = 256;

/**
 * @param wanted true for the whole appearance protocol, or names of it separated by commas
 * @param art picture whose colour statistics are one of the changes
 * @throws `invalid_request` naming the transforms that there are
 */
export async function chooseTransforms(
  wanted: string | boolean | undefined,
  art: string | undefined,
  limits: ImageLimits,
): Promise<Transform[]> {
  if (wanted === undefined || wanted === false) return [];
  const artStatistics = art === undefined ? {} : { artStatistics: await statisticsOf(art, limits) };
  const all = appearanceProtocol({ jpegRoundTrip, ...artStatistics });
  return wanted === true ? all : wanted.split(',').map((name) => findTransform(name, all));
}

function findTransform(name: string, all: Transform[]): Transform {
  const found = all.find((transform) => transform.name === name);
  if (found !== undefined) return found;
  const names = all.map((transform) => transform.name).join(', ');
  throw new LikenessError(
    'invalid_request',
    `--transforms: expected names of ${names} (art-colours needs --art), got ${name}`,
  );
}

async function statisticsOf(path: string, limits: ImageLimits): Promise<ChannelStatistics> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new LikenessError('file_unreadable', `--art: expected a picture at ${path}: ${String(error)}`, {
      cause: error,
    });
  });
  const preprocess = preprocessSchema.parse({ policy: 'fit', size: ART_SIZE_PX, multipleOf: 1, maxAspect: 8 });
  return channelStatistics((await decodeImage(bytes, { limits, preprocess })).pixels);
}
