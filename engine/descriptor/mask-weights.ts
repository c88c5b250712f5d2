/**
 * How much of each cell of a feature map is opaque: the mask's average over the cell's share of the picture.
 * @param mask [height, width], 0 = transparent .. 255 = opaque.
 * @returns weights [mapHeight * mapWidth] in 0..1.
 */
export function maskWeights(
  mask: Uint8Array,
  height: number,
  width: number,
  mapHeight: number,
  mapWidth: number,
): Float32Array {
  const columns = shares(width, mapWidth);
  const rows = shares(height, mapHeight);
  // a cell may sum thousands of shares: in float32 their rounding would show in the fifth digit
  const weights = new Float64Array(mapHeight * mapWidth);
  for (const row of rows) {
    for (const column of columns) {
      const opaque = mask[row.pixel * width + column.pixel]! / 255;
      weights[row.cell * mapWidth + column.cell]! += row.share * column.share * opaque;
    }
  }
  return Float32Array.from(weights, (weight) => Math.min(1, weight));
}

/** A pixel's part in a cell; the shares of one cell sum to 1. A pixel that a cell border cuts has a part in both. */
interface Share {
  cell: number;
  pixel: number;
  share: number;
}

function shares(pixels: number, cells: number): Share[] {
  const span = pixels / cells;
  return Array.from({ length: cells }, (_, cell) =>
    sharesOf(cell, cell * span, Math.min(pixels, (cell + 1) * span)),
  ).flat();
}

function sharesOf(cell: number, from: number, to: number): Share[] {
  const parts: Share[] = [];
  for (let pixel = Math.floor(from); pixel < to; pixel++) {
    const covered = Math.min(to, pixel + 1) - Math.max(from, pixel);
    // less is rounding of a border between two pixels, and mac would count it in full
    if (covered > 1e-9) parts.push({ cell, pixel, share: covered / (to - from) });
  }
  return parts;
}
