import type { Extremum } from './extrema.js';

/** A grid of 4 x 4 cells with 8 directions each. */
const CELLS = 4;
const DIRECTIONS = 8;
export const SIFT_DIMENSION = CELLS * CELLS * DIRECTIONS;
/** Side of a cell, in sigmas of the point's scale. */
const CELL_SIGMAS = 3;
/** Cut after the first normalisation, so that one strong edge does not outweigh all else (Lowe 2004, 6.1). */
const CLIP = 0.2;
/** With a margin of a cell on either side, so that interpolation needs no tests at the rim. */
const PADDED = CELLS + 2;

/**
 * Writes the descriptor of a point seen in one orientation: gradients in a turned grid, spread over neighbouring cells and
 * directions, normalised to length 1.
 * @param angle in radians, as orientations() gives it. @param out [SIFT_DIMENSION], overwritten.
 */
export function describePoint(point: Extremum, angle: number, out: Float32Array): void {
  const grid = gradientGrid(point, angle);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const from = ((row + 1) * PADDED + column + 1) * DIRECTIONS;
      out.set(grid.subarray(from, from + DIRECTIONS), (row * CELLS + column) * DIRECTIONS);
    }
  }
  normalize(out);
  for (let i = 0; i < out.length; i++) out[i] = Math.min(CLIP, out[i]!);
  normalize(out);
}

/** @returns the histogram [PADDED, PADDED, DIRECTIONS], trilinearly filled. */
function gradientGrid({ octave, layer, x, y, sigma }: Extremum, angle: number): Float64Array {
  const { width, height, data } = octave.blurred[layer]!;
  const grid = new Float64Array(PADDED * PADDED * DIRECTIONS);
  const cell = CELL_SIGMAS * sigma;
  const [cos, sin] = [Math.cos(angle) / cell, Math.sin(angle) / cell];
  const radius = Math.round((cell * Math.SQRT2 * (CELLS + 1)) / 2);
  const [cx, cy] = [Math.round(x), Math.round(y)];
  for (let row = Math.max(1, cy - radius); row <= Math.min(height - 2, cy + radius); row++) {
    for (let column = Math.max(1, cx - radius); column <= Math.min(width - 2, cx + radius); column++) {
      const [right, down] = [column - cx, row - cy];
      // in cells, from the point, along its own axes
      const [u, v] = [cos * right + sin * down, cos * down - sin * right];
      const [cellX, cellY] = [u + CELLS / 2 - 0.5, v + CELLS / 2 - 0.5];
      if (cellX <= -1 || cellX >= CELLS || cellY <= -1 || cellY >= CELLS) continue;
      const at = row * width + column;
      const dx = data[at + 1]! - data[at - 1]!;
      const dy = data[at + width]! - data[at - width]!;
      const weight = Math.sqrt(dx * dx + dy * dy) * Math.exp(-(u * u + v * v) / (0.5 * CELLS * CELLS));
      spread(grid, cellX, cellY, ((Math.atan2(dy, dx) - angle) * DIRECTIONS) / (2 * Math.PI), weight);
    }
  }
  return grid;
}

/** Adds a weight to the two nearest of each: column, row, direction. */
function spread(grid: Float64Array, cellX: number, cellY: number, direction: number, weight: number): void {
  const [left, top, first] = [Math.floor(cellX), Math.floor(cellY), Math.floor(direction)];
  const [across, down, turn] = [cellX - left, cellY - top, direction - first];
  const low = (first + 2 * DIRECTIONS) % DIRECTIONS;
  const high = (low + 1) % DIRECTIONS;
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 2; column++) {
      const at = ((top + 1 + row) * PADDED + left + 1 + column) * DIRECTIONS;
      const share = weight * (row === 0 ? 1 - down : down) * (column === 0 ? 1 - across : across);
      grid[at + low] = grid[at + low]! + share * (1 - turn);
      grid[at + high] = grid[at + high]! + share * turn;
    }
  }
}

function normalize(out: Float32Array): void {
  let sum = 0;
  for (const value of out) sum += value * value;
  const scale = 1 / Math.max(1e-12, Math.sqrt(sum));
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * scale;
}
