import { describe, expect, it } from 'vitest';
import { fitInto, outOfLetterbox } from '../../../engine/regions/letterbox.js';
import { decodeYolox } from '../../../engine/regions/yolox.js';

const OPTIONS = {
  ...{ size: 16, strides: [8, 16], classes: ['cat', 'dog'] },
  ...{ minScore: 0.25, maxOverlap: 0.5, limit: 5 },
};

/** 2 x 2 cells of stride 8, then one of stride 16, each [x, y, log w, log h, objectness, cat, dog]. */
function output(rows: Record<number, number[]>): Float32Array {
  return [0, 1, 2, 3, 4].reduce((all, i) => {
    all.set(rows[i] ?? [0, 0, 0, 0, 0, 0, 0], i * 7);
    return all;
  }, new Float32Array(35));
}

describe('decodeYolox', () => {
  it('places boxes by cell and stride, scored by objectness times class', () => {
    const rows = output({
      // cell (1, 0) of stride 8: centre ((1 + 0.5) 8, (0 + 0.25) 8) = (12, 2), sides e^0 8 = 8 and 16
      1: [0.5, 0.25, 0, Math.log(2), 0.8, 0.1, 0.5],
      // the cell of stride 16: centre (8, 8), sides 4 and 4
      4: [0.5, 0.5, Math.log(0.25), Math.log(0.25), 1, 0.9, 0],
    });
    const close = (value: number) => expect.closeTo(value, 5) as number;
    expect(decodeYolox(rows, OPTIONS)).toEqual([
      { left: close(6), top: close(6), right: close(10), bottom: close(10), score: close(0.9), label: 'cat' },
      { left: close(8), top: close(-6), right: close(16), bottom: close(10), score: close(0.4), label: 'dog' },
    ]);
  });

  it('leaves out low scores, and the lesser of two classes at one place', () => {
    const rows = output({
      0: [0.5, 0.5, 0, 0, 0.5, 0.4, 0.1],
      2: [0.5, -0.5, 0, 0, 1, 0.6, 0],
      3: [-0.5, -0.5, 0, 0, 1, 0, 0.7],
    });
    // cells (0, 1) and (1, 1) both say the square round (4, 4); the first row scores 0.2
    expect(decodeYolox(rows, OPTIONS)).toEqual([
      { left: 0, top: 0, right: 8, bottom: 8, score: expect.closeTo(0.7, 5) as number, label: 'dog' },
    ]);
    expect(decodeYolox(rows, { ...OPTIONS, minScore: 0.75 })).toEqual([]);
  });
});

describe('a letterbox', () => {
  it('takes a picture up to its longer side', () => {
    expect(fitInto(416, 832, 208)).toEqual({ width: 416, height: 104 });
    expect(fitInto(416, 100, 208)).toEqual({ width: 200, height: 416 });
    expect(fitInto(416, 5000, 2)).toEqual({ width: 416, height: 1 });
  });

  it('gives boxes back in fractions of the picture, clipped', () => {
    const box = { left: -8, top: 26, right: 208, bottom: 300, score: 0.5, label: 'cat' };
    expect(outOfLetterbox(box, { width: 416, height: 104 })).toEqual({
      ...{ left: 0, top: 0.25, right: 0.5, bottom: 1 },
      ...{ score: 0.5, label: 'cat' },
    });
    expect(outOfLetterbox({ ...box, top: 104 }, { width: 416, height: 104 })).toBeUndefined();
  });
});
