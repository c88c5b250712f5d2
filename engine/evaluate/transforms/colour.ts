import type { Pixels } from '../../types.js';
import { channelStatistics, type ChannelStatistics } from './channel-statistics.js';
import type { Transform } from './transform.js';

/** Adds to the channels R, G, B and clips (IBN-Net's appearance protocol: +50 on all, +50 on R). */
export function shift(name: string, amounts: readonly [number, number, number]): Transform {
  return { name, apply: (pixels) => mapChannels(pixels, (value, channel) => value + amounts[channel]!) };
}

/** (x - mean) / divisor + mean, with the mean of each channel of this picture. */
export function lowerContrast(name: string, divisor: number): Transform {
  return {
    name,
    apply: (pixels) => {
      const { mean } = channelStatistics(pixels);
      return mapChannels(pixels, (value, channel) => (value - mean[channel]!) / divisor + mean[channel]!);
    },
  };
}

/** 255 (x / 255)^exponent; an exponent above 1 darkens. */
export function gamma(name: string, exponent: number): Transform {
  return { name, apply: (pixels) => mapChannels(pixels, (value) => 255 * (value / 255) ** exponent) };
}

/**
 * Gives each of R, G and B the mean and standard deviation of a reference picture, in the manner of Reinhard (2001) but in
 * RGB itself, not Lab: these are the very statistics that instance normalisation takes out of its first feature map.
 */
export function matchColours(name: string, reference: ChannelStatistics): Transform {
  return {
    name,
    apply: (pixels) => {
      const own = channelStatistics(pixels);
      return mapChannels(pixels, (value, channel) => {
        // a flat channel has nothing to stretch
        const gain = own.std[channel]! > 0 ? reference.std[channel]! / own.std[channel]! : 1;
        return (value - own.mean[channel]!) * gain + reference.mean[channel]!;
      });
    },
  };
}

/** Luma of Rec. 601 on all three channels. */
export function grey(name: string): Transform {
  return {
    name,
    apply: (pixels) =>
      mapPixels(pixels, (red, green, blue) => {
        const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        return [luma, luma, luma];
      }),
  };
}

/** Turns the hue of the HSV cone; saturation and value stay. 120 degrees make red green. */
export function turnHue(name: string, degrees: number): Transform {
  return { name, apply: (pixels) => mapPixels(pixels, (red, green, blue) => turned(red, green, blue, degrees)) };
}

function turned(red: number, green: number, blue: number, degrees: number): [number, number, number] {
  const value = Math.max(red, green, blue);
  const chroma = value - Math.min(red, green, blue);
  if (chroma === 0) return [red, green, blue];
  const sextant = hueSextant(red, green, blue, value, chroma) + degrees / 60;
  // Smith's closed form of HSV to RGB: n = 5, 3, 1 for R, G, B
  const channel = (n: number): number => {
    const k = (((n + sextant) % 6) + 6) % 6;
    return value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** @returns the hue in units of 60 degrees: 0 red, 2 green, 4 blue. */
function hueSextant(red: number, green: number, blue: number, value: number, chroma: number): number {
  if (value === red) return (green - blue) / chroma;
  if (value === green) return (blue - red) / chroma + 2;
  return (red - green) / chroma + 4;
}

/** Maps each channel by itself through a table of its 256 values; rounds and clips. */
function mapChannels(pixels: Pixels, map: (value: number, channel: number) => number): Pixels {
  const table = (channel: number) => Uint8ClampedArray.from({ length: 256 }, (_, value) => map(value, channel));
  const tables = [table(0), table(1), table(2)];
  return { ...pixels, data: pixels.data.map((value, index) => tables[index % 3]![value]!) };
}

/** Maps each pixel's three channels together; rounds and clips. */
function mapPixels(pixels: Pixels, map: (red: number, green: number, blue: number) => readonly number[]): Pixels {
  const mapped = new Uint8ClampedArray(pixels.data.length);
  for (let i = 0; i < mapped.length; i += 3) {
    mapped.set(map(pixels.data[i]!, pixels.data[i + 1]!, pixels.data[i + 2]!), i);
  }
  return { ...pixels, data: new Uint8Array(mapped.buffer) };
}
