import { describe, expect, it } from 'vitest';
import { planeWindow, windowCells, windowOf } from '../../../engine/descriptor/window.js';

describe('windowCells', () => {
  it.each([
    // edges at 2.5, 7.5, 1 and 3 of 10 x 5 cells; halves go up
    [
      { left: 0.25, top: 0.2, right: 0.75, bottom: 0.6 },
      { x: 3, y: 1, width: 5, height: 2 },
    ],
    [
      { left: 0, top: 0, right: 1, bottom: 1 },
      { x: 0, y: 0, width: 10, height: 5 },
    ],
    // less than half a cell still is one, also at the far edge
    [
      { left: 0.51, top: 0.5, right: 0.52, bottom: 0.51 },
      { x: 5, y: 3, width: 1, height: 1 },
    ],
    [
      { left: 0.99, top: 0.99, right: 1, bottom: 1 },
      { x: 9, y: 4, width: 1, height: 1 },
    ],
  ])('of %j', (edges, expected) => {
    expect(windowCells(edges, 5, 10)).toEqual(expected);
  });
});

describe('windowOf', () => {
  it('is a part of every channel', () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => i);
    const map = { channels: 2, height: 3, width: 4, data };
    const region = { x: 1, y: 1, width: 2, height: 2 };
    expect(windowOf(map, region)).toEqual({
      ...{ channels: 2, height: 2, width: 2 },
      data: Float32Array.of(5, 6, 9, 10, 17, 18, 21, 22),
    });
    expect(planeWindow(data.subarray(0, 12), 4, region)).toEqual(Float32Array.of(5, 6, 9, 10));
  });
});
