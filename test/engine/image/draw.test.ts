import { describe, expect, it } from 'vitest';
import { drawBox, drawLine, type Colour } from '../../../engine/image/draw.js';
import { sideBySide } from '../../../engine/image/side-by-side.js';

const INK: Colour = [1, 2, 3];
const blank = (width: number, height: number, grey = 0) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(grey),
});
/** One letter a pixel: # where there is ink. */
const rowsOf = ({ width, height, data }: ReturnType<typeof blank>): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (data[(y * width + x) * 3 + 2] === 3 ? '#' : '.')).join(''),
  );

describe('drawing', () => {
  it('joins two points without gaps', () => {
    const picture = blank(4, 4);
    drawLine(picture, [0.5, 0.5], [3.5, 3.5], INK, 1);
    const rows = rowsOf(picture);
    expect([0, 1, 2, 3].map((i) => rows[i]![i])).toEqual(['#', '#', '#', '#']);
    expect(rows[0]![3]).toBe('.');
  });

  it('leaves out what lies outside', () => {
    const picture = blank(3, 2);
    drawLine(picture, [-5, 0.5], [50, 0.5], INK, 1);
    expect(rowsOf(picture)).toEqual(['###', '...']);
  });

  it('outlines a box and not what is in it', () => {
    const picture = blank(5, 5);
    drawBox(picture, { x: 0.5, y: 0.5, width: 3, height: 3 }, INK, 1);
    expect(rowsOf(picture)).toEqual(['####.', '#..#.', '#..#.', '####.', '.....']);
  });

  it('puts pictures beside each other, the lower one on the canvas', () => {
    const { canvas, offsets } = sideBySide(blank(1, 2, 10), blank(2, 1, 20), 1, 99);
    expect(offsets).toEqual([0, 2]);
    const greys = Array.from({ length: 8 }, (_, i) => canvas.data[i * 3]);
    expect([canvas.width, canvas.height, greys]).toEqual([4, 2, [10, 99, 20, 20, 10, 99, 99, 99]]);
  });
});
