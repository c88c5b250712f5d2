import type { Pixels } from '../../types.js';
import { blur } from './blur.js';
import type { ChannelStatistics } from './channel-statistics.js';
import { gamma, grey, lowerContrast, matchColours, shift, turnHue } from './colour.js';
import { cropCentre, flip, halveResolution, rotate } from './geometry.js';
import type { Transform } from './transform.js';

/** What the protocol needs from outside; a transform whose means are not given is left out. */
export interface AppearanceMeans {
  /** Encodes as JPEG of that quality (1..100) and decodes again. */
  jpegRoundTrip?: (pixels: Pixels, quality: number) => Promise<Pixels>;
  /** Statistics of an art picture, see channelStatistics. */
  artStatistics?: ChannelStatistics;
}

/**
 * The appearance protocol: changes that keep what a picture shows. The first three are those of IBN-Net (Pan 2018), values
 * 0..255, clipped; the colour statistics of an art picture stand in for its style transfer. Report the drop of the metric
 * against untouched queries, gallery untouched in both.
 */
export function appearanceProtocol({ jpegRoundTrip, artStatistics }: AppearanceMeans = {}): Transform[] {
  return [
    shift('rgb+50', [50, 50, 50]),
    shift('r+50', [50, 0, 0]),
    lowerContrast('contrast/1.5', 1.5),
    turnHue('hue-90', 90),
    grey('grey'),
    gamma('gamma-2', 2),
    ...(artStatistics ? [matchColours('art-colours', artStatistics)] : []),
    ...(jpegRoundTrip ? [jpeg('jpeg-30', 30, jpegRoundTrip)] : []),
    blur('blur', 0.01),
    halveResolution('half-size'),
    cropCentre('crop-70', 0.7),
    flip('flip'),
    rotate('rotate-10', 10),
  ];
}

/** @param roundTrip supplied by the caller: encoders are not this folder's business. */
function jpeg(
  name: string,
  quality: number,
  roundTrip: (pixels: Pixels, quality: number) => Promise<Pixels>,
): Transform {
  return { name, apply: (pixels) => roundTrip(pixels, quality) };
}
