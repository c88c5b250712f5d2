import type { Pixels } from '../../types.js';
import { greyPlane, type Plane } from '../grey.js';

export interface HogOptions {
  /** Cells along each side of the picture. */
  cells: number;
  /** Directions of the gradient in half a turn. */
  directions: number;
}

/** Cells along each side of a block. */
const BLOCK = 2;
/** Cut after the first normalisation of a block (Dalal & Triggs 2005: L2-Hys). */
const CLIP = 0.2;
/** Keeps a block without gradients at 0. */
const EPSILON = 1e-3;

/** @returns values of the blocks, each of BLOCK x BLOCK cells, one for each place that a block has. */
export function hogDimension({ cells, directions }: HogOptions): number {
  return (cells - BLOCK + 1) ** 2 * BLOCK ** 2 * directions;
}

/**
 * Histogram of oriented gradients of a whole picture (Dalal & Triggs 2005): cells of gradients by direction, each weighted by
 * its length and shared between neighbouring directions; cells are normed in overlapping blocks. Transparent pixels do not
 * count. @returns [hogDimension(options)]; zeros for a plain picture
 */
export function hog(pixels: Pixels, options: HogOptions): Float32Array {
  const { cells, directions } = options;
  const grid = gradientCells(greyPlane(pixels), pixels.mask, options);
  const places = cells - BLOCK + 1;
  const length = BLOCK ** 2 * directions;
  const blocks = new Float32Array(hogDimension(options));
  for (let row = 0; row < places; row++) {
    for (let column = 0; column < places; column++) {
      const block = blocks.subarray((row * places + column) * length, (row * places + column + 1) * length);
      for (let i = 0; i < BLOCK ** 2; i++) {
        const cell = (row + Math.floor(i / BLOCK)) * cells + column + (i % BLOCK);
        block.set(grid.subarray(cell * directions, (cell + 1) * directions), i * directions);
      }
      normalizeBlock(block);
    }
  }
  return blocks;
}

/** @returns [cells, cells, directions]: for each cell the mean length of its gradients by direction, from 0 to pi. */
function gradientCells(
  { width, height, data }: Plane,
  mask: Uint8Array | undefined,
  options: HogOptions,
): Float32Array {
  const { cells, directions } = options;
  const grid = new Float32Array(cells * cells * directions);
  const share = (cells * cells) / (width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const [dx, dy] = [data[at + 1]! - data[at - 1]!, data[at + width]! - data[at - width]!];
      const cell = Math.floor((y * cells) / height) * cells + Math.floor((x * cells) / width);
      const opacity = mask === undefined ? 1 : mask[at]! / 255;
      addDirection(grid, cell * directions, directions, Math.atan2(dy, dx), share * opacity * Math.hypot(dx, dy));
    }
  }
  return grid;
}

/** Shares a weight between the two directions whose middles are nearest; opposite directions are one. */
function addDirection(grid: Float32Array, start: number, directions: number, angle: number, weight: number): void {
  const place = (((angle / Math.PI + 1) % 1) * directions - 0.5 + directions) % directions;
  const low = Math.floor(place);
  const turn = place - low;
  const [first, second] = [start + (low % directions), start + ((low + 1) % directions)];
  grid[first] = grid[first]! + weight * (1 - turn);
  grid[second] = grid[second]! + weight * turn;
}

function normalizeBlock(block: Float32Array): void {
  for (let pass = 0; pass < 2; pass++) {
    const scale = 1 / Math.hypot(EPSILON, ...block);
    for (let i = 0; i < block.length; i++) block[i] = Math.min(pass === 0 ? CLIP : Infinity, block[i]! * scale);
  }
}
