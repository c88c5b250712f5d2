/** Where a picture of a wall lies, in pixels. */
export interface Placed {
  index: number;
  left: number;
  width: number;
}

export interface WallRow {
  top: number;
  height: number;
  pictures: Placed[];
}

export interface WallSize {
  width: number;
  /** About how high a row is. */
  rowHeight: number;
  gap: number;
}

/** Pictures longer or higher than this are cut: they would have a row for themselves. */
const RATIOS = { min: 0.5, max: 2.5 };

/**
 * Sets pictures in rows of the full width, each row as high as its pictures then are. The last row keeps the usual height.
 * @param ratios width / height of each picture
 */
export function justifiedRows(ratios: readonly number[], { width, rowHeight, gap }: WallSize): WallRow[] {
  const rows: WallRow[] = [];
  let top = 0;
  let first = 0;
  let sum = 0;
  const close = (end: number, height: number): void => {
    rows.push({ top, height, pictures: place(ratios, { first, end, height, gap }) });
    top += height + gap;
    [first, sum] = [end, 0];
  };
  for (const [index, ratio] of ratios.entries()) {
    sum += clamp(ratio);
    const free = width - gap * (index - first);
    if (sum * rowHeight >= free) close(index + 1, free / sum);
  }
  if (first < ratios.length) close(ratios.length, Math.min(rowHeight, width / sum));
  return rows;
}

/** @returns how high all rows are together. */
export function heightOf(rows: readonly WallRow[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** @returns the rows that reach into the stretch from `from` to `to`. */
export function rowsWithin(rows: readonly WallRow[], from: number, to: number): WallRow[] {
  return rows.filter(({ top, height }) => top + height >= from && top <= to);
}

/** @returns the index of the picture that lies a row above or below another, nearest to its middle. */
export function neighbourAcross(rows: readonly WallRow[], index: number, step: -1 | 1): number {
  const row = rows.findIndex(({ pictures }) => pictures.some((picture) => picture.index === index));
  const own = rows[row]?.pictures.find((picture) => picture.index === index);
  const others = rows[row + step]?.pictures ?? [];
  if (own === undefined) return index;
  const distance = (other: Placed) => Math.abs(middle(other) - middle(own));
  return (
    others.reduce<Placed | undefined>(
      (best, other) => (best === undefined || distance(other) < distance(best) ? other : best),
      undefined,
    )?.index ?? index
  );
}

function middle({ left, width }: Placed): number {
  return left + width / 2;
}

function place(
  ratios: readonly number[],
  { first, end, height, gap }: { first: number; end: number; height: number; gap: number },
): Placed[] {
  let left = 0;
  return ratios.slice(first, end).map((ratio, i) => {
    const width = clamp(ratio) * height;
    const placed = { index: first + i, left, width };
    left += width + gap;
    return placed;
  });
}

function clamp(ratio: number): number {
  return Math.min(RATIOS.max, Math.max(RATIOS.min, ratio));
}
