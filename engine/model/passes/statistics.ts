import { LikenessError } from '../../errors.js';

/** Mean and population variance of each channel [C], over all pictures and pixels. */
export interface ChannelStatistics {
  mean: ArrayLike<number>;
  variance: ArrayLike<number>;
}

/** Statistics by name of the site. */
export type SiteStatistics = Readonly<Record<string, ChannelStatistics>>;

/** @throws invalid_request if there are not as many values as channels, one is not finite, or a variance is negative. */
export function checkStatistics(name: string, channels: number, { mean, variance }: ChannelStatistics): void {
  for (const [what, values] of Object.entries({ mean, variance })) {
    if (values.length !== channels) throw invalid(name, `expected ${channels} values of ${what}, got ${values.length}`);
    const wrong = Array.from(values).find((it) => !Number.isFinite(it) || (what === 'variance' && it < 0));
    if (wrong !== undefined) throw invalid(name, `expected finite ${what}s, no variance below 0, got ${wrong}`);
  }
}

/** @returns names of the sites; at least one. @throws invalid_request if there is none. */
export function sitesOf(statistics: SiteStatistics): string[] {
  const names = Object.keys(statistics);
  if (names.length > 0) return names;
  throw new LikenessError('invalid_request', 'expected statistics of at least one site, got none');
}

function invalid(name: string, message: string): LikenessError {
  return new LikenessError('invalid_request', `statistics of ${name}: ${message}`);
}
