import type { Pixels } from '../../types.js';

type Triple = [number, number, number];

/** Mean and standard deviation (divided by the count) of R, G and B over a picture. */
export interface ChannelStatistics {
  mean: Triple;
  std: Triple;
}

/** Transparent pixels do not count; half-transparent ones count half. A wholly transparent picture gives zeros. */
export function channelStatistics(pixels: Pixels): ChannelStatistics {
  const channels = [0, 1, 2].map((channel) => momentsOf(pixels, channel));
  return { mean: channels.map(({ mean }) => mean) as Triple, std: channels.map(({ std }) => std) as Triple };
}

function momentsOf({ data, mask }: Pixels, channel: number): { mean: number; std: number } {
  let [weight, sum, sumOfSquares] = [0, 0, 0];
  for (let pixel = 0; pixel * 3 < data.length; pixel++) {
    const share = mask ? mask[pixel]! / 255 : 1;
    const value = data[pixel * 3 + channel]!;
    weight += share;
    sum += share * value;
    sumOfSquares += share * value * value;
  }
  if (weight === 0) return { mean: 0, std: 0 };
  const mean = sum / weight;
  return { mean, std: Math.sqrt(Math.max(0, sumOfSquares / weight - mean * mean)) };
}
