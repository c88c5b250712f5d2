import type { Box } from './box.js';

/** One number for each cell of a picture, row by row: data is [height * width]. */
export interface Grid {
  height: number;
  width: number;
  data: ArrayLike<number>;
}

/** A box round cells that touch each other by their sides. */
export interface Component extends Box {
  cells: number;
}

/** @returns the connected components (4 neighbours) of the cells that are at least `threshold`, in reading order. */
export function components(grid: Grid, threshold: number): Component[] {
  const isOpen = Uint8Array.from(grid.data, (value) => (value >= threshold ? 1 : 0));
  const found: Component[] = [];
  isOpen.forEach((open, cell) => {
    if (open === 1) found.push(takeComponent(grid, isOpen, cell));
  });
  return found;
}

/** Follows the cells that touch `start`, closing each. */
function takeComponent({ height, width }: Grid, isOpen: Uint8Array, start: number): Component {
  const box = { left: width, top: height, right: 0, bottom: 0, cells: 0 };
  const stack = [start];
  isOpen[start] = 0;
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
    box.cells += 1;
    const above = y > 0 ? [cell - width] : [];
    const below = y + 1 < height ? [cell + width] : [];
    const before = x > 0 ? [cell - 1] : [];
    const behind = x + 1 < width ? [cell + 1] : [];
    for (const next of [...above, ...below, ...before, ...behind]) {
      if (isOpen[next] === 1) {
        isOpen[next] = 0;
        stack.push(next);
      }
    }
  }
  return box;
}
