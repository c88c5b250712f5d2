import { areaOf, type Box } from './box.js';
import type { Grid } from './components.js';

/**
 * How well a box tells where the activation lies: Otsu's between-class variance (1979) of the cells inside against those
 * outside, as a share of all variance: f (1 - f) (m_in - m_out)^2 / s^2, f the box's share of the cells.
 * @param box in whole cells
 * @returns 0 (no better than chance, or darker than the rest) to 1 (all inside alike, all outside alike)
 */
export function explainedShare({ data, height, width }: Grid, box: Box): number {
  const cells = height * width;
  let [total, squares, inside] = [0, 0, 0];
  for (let cell = 0; cell < cells; cell++) {
    const value = data[cell]!;
    total += value;
    squares += value * value;
    if (contains(box, cell % width, Math.floor(cell / width))) inside += value;
  }
  const share = areaOf(box) / cells;
  const variance = squares / cells - (total / cells) ** 2;
  if (!(share > 0 && share < 1 && variance > 0)) return 0;
  const contrast = inside / (share * cells) - (total - inside) / ((1 - share) * cells);
  return contrast > 0 ? Math.min(1, (share * (1 - share) * contrast * contrast) / variance) : 0;
}

function contains({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}
