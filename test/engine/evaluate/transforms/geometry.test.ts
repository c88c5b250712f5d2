import { describe, expect, it } from 'vitest';
import { cropAt, cropCentre, flip, halveResolution, rotate } from '../../../../engine/evaluate/transforms/geometry.js';
import { reflect } from '../../../../engine/evaluate/transforms/planes.js';
import { greyPicture, redRows, row, values } from './pixels.js';

describe('geometry transforms', () => {
  it('flip turns left and right, channels kept apart, the mask too', async () => {
    const picture = { ...row([1, 2, 3], [4, 5, 6]), mask: Uint8Array.of(0, 255) };
    expect(await values(flip('f'), picture)).toEqual([4, 5, 6, 1, 2, 3]);
    expect((await flip('f').apply(picture)).mask).toEqual(Uint8Array.of(255, 0));
  });

  it('rotate by 90 degrees turns counter-clockwise', async () => {
    const picture = greyPicture([1, 2, 3], [4, 5, 6], [7, 8, 9]);
    expect(await redRows(rotate('r', 90), picture)).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ]);
  });

  it('rotate keeps the size, the middle and a flat picture, and mirrors at the border', async () => {
    const flat = greyPicture(...Array.from({ length: 7 }, () => Array<number>(5).fill(80)));
    expect(await redRows(rotate('r', 10), flat)).toEqual(Array.from({ length: 7 }, () => Array<number>(5).fill(80)));
    const dot = greyPicture([0, 0, 0], [0, 90, 0], [0, 0, 0]);
    expect((await redRows(rotate('r', 10), dot))[1]![1]).toBe(90);
  });

  it('rotate by 45 degrees mixes four neighbours', async () => {
    // pixel (1, 0) of 3 x 3 is (0, -1) from the middle; it reads (sin 45, -cos 45) = (.707, -.707) from the middle, that
    // is column 1.707, row .293: columns 1 and 2 by .293 : .707, rows 0 and 1 by .707 : .293
    // only (2, 0) = 200 is bright: 200 * .707 * .707 = 100
    const picture = greyPicture([0, 0, 200], [0, 0, 0], [0, 0, 0]);
    expect((await redRows(rotate('r', 45), picture))[0]![1]).toBe(100);
  });

  it('cropAt keeps the part at its place', async () => {
    const picture = greyPicture(...[0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((x) => 10 * y + x)));
    const kept = (place: [number, number]) => redRows(cropAt('c', 0.5, place), picture);
    expect(await kept([0, 0])).toEqual([
      [0, 1],
      [10, 11],
    ]);
    expect(await kept([1, 0])).toEqual([
      [2, 3],
      [12, 13],
    ]);
    expect(await kept([0, 1])).toEqual([
      [20, 21],
      [30, 31],
    ]);
  });

  it('cropCentre keeps the middle', async () => {
    const picture = greyPicture(
      ...Array.from({ length: 10 }, (_, y) => Array.from({ length: 10 }, (_, x) => 10 * y + x)),
    );
    const rows = await redRows(cropCentre('c', 0.7), picture);
    expect([rows.length, rows[0]!.length]).toEqual([7, 7]);
    // 10 - 7 = 3 left over, 1 before and 2 after
    expect([rows[0]![0], rows[6]![6]]).toEqual([11, 77]);
    expect(await redRows(cropCentre('c', 0.7), greyPicture([5]))).toEqual([[5]]);
  });

  it('halveResolution takes means of four and goes back up between them', async () => {
    // half: (0 + 40 + 0 + 40) / 4 = 20 and 100; up: 20, 20 + 80 / 4, 20 + 3 * 80 / 4, 100
    const picture = greyPicture([0, 40, 100, 100], [0, 40, 100, 100]);
    expect(await redRows(halveResolution('h'), picture)).toEqual([
      [20, 40, 80, 100],
      [20, 40, 80, 100],
    ]);
  });

  it('halveResolution keeps odd sizes', async () => {
    const rows = await redRows(halveResolution('h'), greyPicture([9, 9, 9]));
    expect(rows).toEqual([[9, 9, 9]]);
  });

  it('reflect mirrors with the edge repeated', () => {
    expect([-4, -3, -2, -1, 0, 2, 3, 4, 5, 6].map((i) => reflect(i, 3))).toEqual([2, 2, 1, 0, 0, 2, 2, 1, 0, 0]);
    expect([-2, -1, 0, 1].map((i) => reflect(i, 1))).toEqual([0, 0, 0, 0]);
  });
});
