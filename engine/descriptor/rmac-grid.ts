/** A rectangle of cells of a feature map. */
export interface CellRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Neighbouring regions of the first level overlap by about this share. */
const OVERLAP = 0.4;
/** Most regions along the long side at the first level, as published; more only where these would leave gaps. */
const MAX_STEPS = 7;

/**
 * The grid of R-MAC (Tolias, Sicre & Jegou 2016): at level l squares of side 2 w / (l + 1), w the short side, l along the
 * short side and l + e along the long one, evenly spread. Three levels are 14 regions on a square map, 20 on one of 4:3.
 * @returns the regions, largest first; those of one level row by row.
 */
export function rmacGrid(height: number, width: number, levels: number): CellRegion[] {
  const short = Math.min(height, width);
  const extra = extraRegions(Math.max(height, width), short);
  const regions: CellRegion[] = [];
  for (let level = 1; level <= levels; level++) {
    const side = Math.floor((2 * short) / (level + 1));
    if (side === 0) break;
    const ys = starts(height, side, level + (height > width ? extra : 0));
    const xs = starts(width, side, level + (width > height ? extra : 0));
    for (const y of ys) for (const x of xs) regions.push({ x, y, width: side, height: side });
  }
  return regions;
}

/** @returns the places of a region's cells in a map of that width, row by row. */
export function cellsOf(region: CellRegion, mapWidth: number): number[] {
  return Array.from({ length: region.width * region.height }, (_, i) => {
    const y = region.y + Math.floor(i / region.width);
    return y * mapWidth + region.x + (i % region.width);
  });
}

/** @returns e, how many regions more lie along the long side: the number whose overlap is nearest to {@link OVERLAP}. */
function extraRegions(long: number, short: number): number {
  if (long === short) return 0;
  const maxSteps = Math.max(MAX_STEPS, Math.ceil(long / (short * (1 - OVERLAP))));
  const limit = long > MAX_STEPS * short ? maxSteps : MAX_STEPS;
  let [best, nearest] = [2, Infinity];
  for (let steps = 2; steps <= limit; steps++) {
    const overlap = 1 - (long - short) / (steps - 1) / short;
    if (Math.abs(overlap - OVERLAP) < nearest) [best, nearest] = [steps, Math.abs(overlap - OVERLAP)];
  }
  return best - 1;
}

/** @returns where `count` regions of that side begin, the first at 0, the last at the end. */
function starts(length: number, side: number, count: number): number[] {
  if (count === 1) return [0];
  // one division of whole numbers, so that the last start is exact
  return Array.from({ length: count }, (_, k) => Math.floor((k * (length - side)) / (count - 1)));
}
